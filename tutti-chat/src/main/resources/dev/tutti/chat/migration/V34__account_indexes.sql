-- By which an account that is deleted finds what it leaves behind; invitation_open_to_invited has those alone that were told.
create index group_removal_of_user on tutti.group_removal (user_id);
create index invitation_of_invited on tutti.invitation (invited) where declined_at is null;
