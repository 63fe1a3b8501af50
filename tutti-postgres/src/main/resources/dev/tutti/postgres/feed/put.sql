-- Without bytes there is no value: no JSON is as short as that.
select accepted, held from tutti.put_feed(:key, :version, nullif(:value, ''::bytea), :instance)
