-- Who made a group; null for direct conversations, and for groups that a release before made.
alter table tutti.conversation add column created_by text collate "C";
