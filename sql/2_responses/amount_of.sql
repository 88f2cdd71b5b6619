-- A logged cost, or NULL if it cannot be one. One value.
--
-- A negative, infinite or non-numeric value cannot be a cost, nor can anything over a billion
-- dollars.
--
-- @function logged
select case when logged between 0 and 1000000000 then logged end
