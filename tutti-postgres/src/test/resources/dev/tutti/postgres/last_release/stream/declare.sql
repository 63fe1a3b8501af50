-- Gives a kind partitions of its own.
select tutti.declare(:kind, :width * interval '1 second')
