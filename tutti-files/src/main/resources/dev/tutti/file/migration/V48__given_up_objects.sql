-- Objects that an account has given up are charged to it until they have gone from the store: uploading and deleting in turn fills no disk.
-- Instances of before name nobody, and delete rows that name somebody as they do all others, which ends the charge.
alter table tutti.blob_object
    add column owner_id text collate "C"; -- by whom it was given up; null: it was not, or by nobody who is charged
create index blob_object_of_owner on tutti.blob_object (owner_id) where owner_id is not null;
