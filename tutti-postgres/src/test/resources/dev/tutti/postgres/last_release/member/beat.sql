select incarnation, instance, address, role, draining, revision
from tutti.beat(:incarnation, :address, :role, :draining, :revision, make_interval(secs => :silence))
