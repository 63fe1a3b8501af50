# Sourced by whatever starts a JVM: its class path, its options, its AOT cache.

# Compact headers: less memory per object. A small heap to begin with, which grows with use and shrinks when there is
# nothing to do. Native access and Unsafe: Netty's transport and buffers.
jvm_options="-XX:+UseCompactObjectHeaders -Xms64m -XX:G1PeriodicGCInterval=60000 -XX:+ExitOnOutOfMemoryError \
--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

# The jars of folder $1, in the same order everywhere, as an AOT cache demands.
class_path() (
    LC_ALL=C
    export LC_ALL
    path=
    for jar in "$1"/*.jar; do
        path=${path:+$path:}$jar
    done
    printf '%s' "$path"
)

# Where the AOT cache for exactly the jars of folder $1 is. The JVM does not check the jars of the class path (JDK 25.0.3
# takes classes from the cache for a jar that was changed or is gone), so their names and sizes are part of the cache's name.
aot_cache() {
    printf '%s/tutti-%s.aot' "$1" "$(cd "$1" && LC_ALL=C wc -c ./*.jar | cksum | cut -d ' ' -f 1)"
}

# Java takes names of files and arguments for what the locale says they are: in the C locale, which services and containers
# often have, it can name no file with an é. It writes numbers with the locale's digits and hears of failures in its language,
# which programs that read them do not expect. So the locale is C.UTF-8, but for systems that do not know it and have another
# one of UTF-8.
if [ "$(LC_ALL=C.UTF-8 locale charmap 2>/dev/null)" = UTF-8 ] || [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
    LC_ALL=C.UTF-8
    export LC_ALL
fi
