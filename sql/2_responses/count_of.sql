-- A logged count of tokens or searches, as it is counted. One value.
--
-- A negative count reads as 0. A count over a trillion reads as NULL: sums of such counts would not
-- fit.
--
-- @function logged
select case when logged <= 1000000000000 then greatest(logged, 0) end
