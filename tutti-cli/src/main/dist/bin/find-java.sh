# Sourced by ./tutti and bin/tutti. find_java PROGRAM prints the home of the first Java 25 or newer that has bin/PROGRAM:
# JAVA_HOME, then the one on the PATH, then the usual folders of Linux and macOS.

java_wanted=25

# The major version of the Java in folder $1; nothing if there is none.
java_major() {
    if [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    elif [ -x "$1/bin/java" ]; then
        "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1
    fi
}

# The folders in which a Java may be, one a line, the likeliest first.
java_candidates() {
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    # what is on the PATH may be a link or a stub, so it is asked itself
    if command -v java >/dev/null 2>&1; then
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
    fi
    if [ -x /usr/libexec/java_home ]; then
        /usr/libexec/java_home -F -v "$java_wanted+" 2>/dev/null || :
    fi
    for folder in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* /usr/local/openjdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.asdf/installs/java/* \
        "${HOME:-}"/.local/share/mise/installs/java/*; do
        [ ! -d "$folder" ] || printf '%s\n' "$folder"
    done
}

find_java() {
    found=$(java_candidates | while IFS= read -r home; do
        if [ -x "$home/bin/$1" ]; then
            major=$(java_major "$home")
            if [ "${major:-0}" -ge "$java_wanted" ] 2>/dev/null; then
                printf '%s\n' "$home"
                break
            fi
        fi
    done)
    if [ -z "$found" ]; then
        echo "tutti: no JDK $java_wanted or newer found in JAVA_HOME (${JAVA_HOME:-not set}), on the PATH or in the usual" \
            "folders. Install one, for example from https://adoptium.net, or set JAVA_HOME to where it is." >&2
        return 1
    fi
    printf '%s\n' "$found"
}
