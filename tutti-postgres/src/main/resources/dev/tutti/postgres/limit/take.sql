select granted, missing
from tutti.take_tokens(:bucket, :wanted, :burst, :step)
