-- A count of tokens or searches as it is counted. One value.
--
-- A negative one reads as 0. One over a trillion is no count: sums of such would not fit.
--
-- @function logged
select case when logged <= 1000000000000 then greatest(logged, 0) end
