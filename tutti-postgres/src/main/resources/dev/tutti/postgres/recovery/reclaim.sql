-- Its owner was taken for dead, and is not.
update tutti.continuation set lost = null, orphaned = false where owner = :self and orphaned
