-- A cost that a log states, if it is one. One value.
--
-- What is negative, infinite or no number is none, as is anything over a billion dollars.
--
-- @function logged
select case when logged between 0 and 1000000000 then logged end
