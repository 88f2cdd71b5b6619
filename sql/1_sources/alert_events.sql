-- What was done about alerts, as clawtrace keeps it itself. One row per event.
--
-- @column event ack: acknowledged; exec: the command of --exec was run for it.
-- @column key Key of the alert.
-- @column severity Its severity then.
-- @column happened_at When.
select event, key, severity, happened_at
from read_json(
    getvariable('alert_event_file'),
    format := 'newline_delimited',
    -- a folder may be called key=x
    hive_partitioning := false,
    columns := {
        event: 'VARCHAR',
        key: 'VARCHAR',
        severity: 'VARCHAR',
        happened_at: 'TIMESTAMPTZ'
    },
    ignore_errors := true
)
where event is not null
