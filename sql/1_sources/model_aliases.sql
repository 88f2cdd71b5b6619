-- Other names of models and providers. One row per name.
--
-- A row with a model gives the price_model of the same provider. A row for every model (*) prices
-- one provider's models with another's table; price_provider * is the vendor whose table has the
-- model.
select *
from read_csv(
    getvariable('alias_file'),
    -- a folder may be called model=x
    hive_partitioning = false,
    delim = ',', quote = '"', escape = '"', header = true, auto_detect = false,
    -- the file is small: by default, it takes 32 MB
    max_line_size = 65536, buffer_size = 1048576,
    columns = {
        provider: 'varchar',
        model: 'varchar',
        price_provider: 'varchar',
        price_model: 'varchar',
        "source": 'varchar'
    }
)
