#!/usr/bin/env bash
# Runs the build. Starts the compiled build project directly; compiles it first when it was never compiled, or when the compiled
# build found that something it was made from has changed (it then calls this script with FAIRLEAD_REBUILD=1).
# Installs the SDK of global.json into .nuke/build/dotnet only when there is none that fits. Asks nothing, ever.
set -euo pipefail
self=${BASH_SOURCE[0]}; [[ ! -L $self ]] || self=$(readlink -f "$self")
root=${self%/*}; [[ $root == "$self" ]] && root=.; [[ $root == /* ]] || root=$PWD/$root; root=${root%/.}
home=$root/.nuke/build
# A directory that was copied has its own program compiled: the one it came with works on where it came from.
if [[ -z ${FAIRLEAD_REBUILD:-} && -r $home/current ]] && { read -r dotnet; read -r program; } < "$home/current" && [[ -x $dotnet && -r $program && ${program%/*/*} -ef $home/copies ]]; then
    exec "$dotnet" "$program" "$@"
fi

project=$(echo "$root"/build/*.csproj)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# Verbs work on what is deployed: no compile error and no missing SDK may keep anybody from rolling back at night.
give_up() {
    local word
    for word in "$@"; do
        if [[ $word == :* && -r $home/current ]]; then
            { read -r dotnet; read -r program; } < "$home/current"
            [[ -x $dotnet && -r $program && ${program%/*/*} -ef $home/copies ]] || break
            echo "'$word' runs with the last build that was compiled." >&2
            FAIRLEAD_REBUILD='' FAIRLEAD_STALE=1 exec "$dotnet" "$program" "$@"
        fi
    done
    exit 4
}

find_dotnet() {
    local candidate
    for candidate in "${DOTNET_HOST_PATH:-}" "$(command -v dotnet || true)" "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" "$home/dotnet/dotnet"; do
        # Fails when none of the SDKs beside it fits global.json.
        if [[ -n $candidate && -x $candidate ]] && (cd "$root" && "$candidate" --version > /dev/null 2>&1); then
            # It may be a link on the PATH; the runtime is found from the real place.
            readlink -f "$candidate" 2> /dev/null || echo "$candidate"
            return 0
        fi
    done
    return 1
}

# Compiles into directories of its own, never into those of the IDE or of a build that runs, and copies the result.
# Analyzers are left to the Compile target: this is for starting soon.
compile() {
    local work=$1 copy=$home/copies/$$-$RANDOM log=$home/compile.$$.log
    mkdir -p "$copy"
    : > "$copy/started"
    if ! (cd "$root" && MSBUILDDISABLENODEREUSE=1 "$dotnet" build "$project" -c Debug --artifacts-path "$work" -v quiet --nologo -p:UseSharedCompilation=false -p:RunAnalyzers=false > "$log" 2>&1 < /dev/null); then
        sort -u "$log" >&2
        rm -rf "$copy" "$log"
        return 1
    fi
    cp -R "$work/bin/$(basename "$project" .csproj)/debug/." "$copy/"
    rm -f "$log"
    printf '%s\n%s\n' "$dotnet" "$copy/$(basename "$project" .csproj).dll" > "$home/current.$$"
    mv -f "$home/current.$$" "$home/current"
}

if [[ ${1:-} == --fairlead-compile ]]; then
    # Called below, holding the lock. Who waited for it while somebody else compiled uses that.
    dotnet=$DOTNET_HOST_PATH
    [[ -r $home/current && $(< "$home/current") != "${FAIRLEAD_SEEN:-}" ]] && exit 76
    compile "$home/work"
    exit
fi

mkdir -p "$home"
# The directory ignores itself: it is nobody's business but this script's.
[[ -e $home/.gitignore ]] || echo '*' > "$home/.gitignore"

if ! dotnet=$(find_dotnet); then
    echo "No .NET SDK fits $root/global.json; installing one into .nuke/build/dotnet." >&2
    installer=$home/dotnet-install.sh
    if ! curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$installer" || ! bash "$installer" --jsonfile "$root/global.json" --install-dir "$home/dotnet" --no-path >&2; then
        echo "The .NET SDK could not be installed. Install the version that $root/global.json names, and run this again." >&2
        give_up "$@"
    fi
    dotnet=$home/dotnet/dotnet
fi

echo "Compiling the build project…" >&2
# Concurrent starts wait for each other where flock exists, and compile apart from each other where it does not.
if command -v flock > /dev/null; then
    seen=$(cat "$home/current" 2> /dev/null || true)
    export FAIRLEAD_REBUILD=1 FAIRLEAD_SEEN=$seen DOTNET_HOST_PATH=$dotnet
    flock --nonblock --conflict-exit-code 75 "$home/lock" bash "$root/build.sh" --fairlead-compile && status=0 || status=$?
    if [[ $status == 75 ]]; then
        echo "Another start compiles the build project; waiting for it, at most 15 minutes." >&2
        flock --wait 900 --conflict-exit-code 75 "$home/lock" bash "$root/build.sh" --fairlead-compile && status=0 || status=$?
    fi
    unset FAIRLEAD_REBUILD FAIRLEAD_SEEN
else
    compile "$home/work-$$" && status=0 || status=$?
    rm -rf "$home/work-$$"
fi

{ [[ $status == 0 ]] || [[ $status == 76 ]]; } && { read -r dotnet; read -r program; } < "$home/current"
case $status in
0) FAIRLEAD_REBUILD=1 exec "$dotnet" "$program" "$@" ;;
76) exec "$dotnet" "$program" "$@" ;;
75) echo "Another start has been compiling for 15 minutes; end it, and run this again." >&2 ;;
*) echo "The build project $project does not compile." >&2 ;;
esac
give_up "$@"
