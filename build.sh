#!/usr/bin/env bash
# Runs the build. Starts the compiled build project directly; compiles it first when it was never compiled, or when the compiled
# build found that something it was made from has changed (it then calls this script with FAIRLEAD_REBUILD=1).
# Installs the SDK of global.json into .nuke/temp/dotnet only when there is none that fits. Asks nothing, ever.
set -euo pipefail
root=${BASH_SOURCE[0]%/*}; [[ $root == "${BASH_SOURCE[0]}" ]] && root=.; [[ $root == /* ]] || root=$PWD/$root; root=${root%/.}
home=$root/.nuke/temp/build
if [[ -z ${FAIRLEAD_REBUILD:-} && -r $home/current ]] && { read -r dotnet; read -r program; } < "$home/current" && [[ -x $dotnet && -r $program ]]; then
    exec "$dotnet" "$program" "$@"
fi

project=$(echo "$root"/build/*.csproj)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

find_dotnet() {
    local candidate
    for candidate in "${DOTNET_HOST_PATH:-}" "$(command -v dotnet || true)" "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" "$root/.nuke/temp/dotnet/dotnet"; do
        # Fails when none of the SDKs beside it fits global.json.
        if [[ -n $candidate && -x $candidate ]] && (cd "$root" && "$candidate" --version > /dev/null 2>&1); then
            # A link on the PATH; the runtime is found from the real place.
            readlink -f "$candidate" 2> /dev/null || echo "$candidate"
            return 0
        fi
    done
    return 1
}

if ! dotnet=$(find_dotnet); then
    echo "No .NET SDK fits $root/global.json; installing one into .nuke/temp/dotnet." >&2
    mkdir -p "$root/.nuke/temp"
    installer=$root/.nuke/temp/dotnet-install.sh
    if ! curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$installer" || ! bash "$installer" --jsonfile "$root/global.json" --install-dir "$root/.nuke/temp/dotnet" --no-path >&2; then
        echo "The .NET SDK could not be installed. Install the version that $root/global.json names, and run this again." >&2
        exit 4
    fi
    dotnet=$root/.nuke/temp/dotnet/dotnet
fi

# Analyzers are left to the Compile target: this is for starting soon.
# Compiles into directories of its own, never into those of the IDE or of a build that runs, and copies the result.
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
    compile "$home/work"
    exit
fi

mkdir -p "$home"
[[ -t 2 ]] && echo "Compiling the build project…" >&2
# Concurrent starts wait for each other where flock exists, and compile apart from each other where it does not.
if command -v flock > /dev/null; then
    FAIRLEAD_REBUILD=1 DOTNET_HOST_PATH=$dotnet flock "$home/lock" bash "$root/build.sh" --fairlead-compile && compiled=1 || compiled=0
else
    compile "$home/work-$$" && compiled=1 || compiled=0
    rm -rf "$home/work-$$"
fi

if [[ $compiled == 0 ]]; then
    # Verbs work on what is deployed: nobody must mend a compile error at night to roll back.
    if [[ ${1:-} == :* && -r $home/current ]]; then
        echo "The build project does not compile; '$1' runs with the last build that did." >&2
        { read -r dotnet; read -r program; } < "$home/current"
        FAIRLEAD_STALE=1 exec "$dotnet" "$program" "$@"
    fi
    echo "The build project $project does not compile." >&2
    exit 4
fi

{ read -r dotnet; read -r program; } < "$home/current"
FAIRLEAD_REBUILD=1 exec "$dotnet" "$program" "$@"
