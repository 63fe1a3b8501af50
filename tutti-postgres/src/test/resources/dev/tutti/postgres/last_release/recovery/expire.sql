delete from tutti.continuation where lost < tutti.clock() - make_interval(secs => :window)
