-- Names, types, keys and contents of events, as arrays.
select place, seq, at, repeated
from tutti.append(:names, :types, :keys, :contents)
