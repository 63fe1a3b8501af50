-- A process that comes back after it was taken for dead may still be in the list.
with former as (delete from tutti.instance where sessions = :sessions)
insert into tutti.instance (incarnation, instance, address, role, draining, revision, sessions)
values (:incarnation, :instance, :address, :role, :draining, :revision, :sessions)
