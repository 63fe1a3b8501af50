-- Whether a new life had to be begun, because this database was restored from elsewhere.
select tutti.rebase()
