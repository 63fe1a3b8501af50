select tutti.replace_session(:part, :names, :keys, :known, :contents)
