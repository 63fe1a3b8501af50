select process, incarnation, instance, address, role, draining, revision, beats, unheard, moment
from tutti.heartbeat(
    :incarnation, :address, :role, :draining, :revision, :number, :unheard::uuid[],
    make_interval(secs => :silence))
