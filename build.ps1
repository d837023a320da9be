# Runs the build on Windows; see build.sh, which does the same. Asks nothing, ever.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$home_ = Join-Path $root '.nuke/build'
$current = Join-Path $home_ 'current'
$project = (Get-ChildItem (Join-Path $root 'build') -Filter *.csproj | Select-Object -First 1).FullName
$name = [IO.Path]::GetFileNameWithoutExtension($project)
$rebuildCode = 90
$env:DOTNET_NOLOGO = '1'; $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

function Find-DotNet {
    $candidates = @((Get-Command dotnet -ErrorAction SilentlyContinue).Source, (Join-Path $root '.nuke/build/dotnet/dotnet.exe'))
    foreach ($candidate in $candidates) {
        if ($candidate -and (Test-Path $candidate)) {
            Push-Location $root
            try { & $candidate --version *> $null; if ($LASTEXITCODE -eq 0) { return $candidate } } finally { Pop-Location }
        }
    }
    Write-Host "No .NET SDK fits $root/global.json; installing one into .nuke/build/dotnet."
    $installer = Join-Path $root '.nuke/build/dotnet-install.ps1'
    New-Item -ItemType Directory -Force (Split-Path $installer) > $null
    Invoke-WebRequest https://dot.net/v1/dotnet-install.ps1 -OutFile $installer -UseBasicParsing
    & $installer -JSonFile (Join-Path $root 'global.json') -InstallDir (Join-Path $root '.nuke/build/dotnet') -NoPath
    return Join-Path $root '.nuke/build/dotnet/dotnet.exe'
}

function Invoke-Compile {
    New-Item -ItemType Directory -Force $home_ > $null
    $lock = $null
    # Concurrent starts wait for each other, at most ten minutes.
    for ($i = 0; $i -lt 1200 -and -not $lock; $i++) {
        try { $lock = [IO.File]::Open((Join-Path $home_ 'lock'), 'OpenOrCreate', 'ReadWrite', 'None') } catch [IO.IOException] { Start-Sleep -Milliseconds 500 }
    }
    if (-not $lock) { Write-Host 'Another start is compiling for ten minutes already; end it and try again.'; return $false }
    try {
        $dotnet = Find-DotNet
        $work = Join-Path $home_ 'work'
        $copy = Join-Path $home_ "copies/$PID-$(Get-Random)"
        New-Item -ItemType Directory -Force $copy > $null
        New-Item -ItemType File (Join-Path $copy 'started') > $null
        Push-Location $root
        try { & $dotnet build $project -c Debug --artifacts-path $work -v quiet --nologo -p:UseSharedCompilation=false -p:RunAnalyzers=false | Out-Host } finally { Pop-Location }
        if ($LASTEXITCODE -ne 0) { Remove-Item -Recurse -Force $copy; return $false }
        Copy-Item -Recurse (Join-Path $work "bin/$name/debug/*") $copy
        $next = "$current.$PID"
        Set-Content $next @($dotnet, (Join-Path $copy "$name.dll"))
        Move-Item -Force $next $current
        return $true
    } finally { $lock.Dispose() }
}

$rebuilt = $false
while ($true) {
    if (-not (Test-Path $current)) {
        if (-not (Invoke-Compile)) { Write-Host "The build project $project does not compile."; exit 4 }
        $rebuilt = $true
    }
    $dotnet, $program = Get-Content $current
    if ($rebuilt) { $env:FAIRLEAD_REBUILD = '1' }
    & $dotnet $program @args
    $code = $LASTEXITCODE
    Remove-Item Env:FAIRLEAD_REBUILD, Env:FAIRLEAD_STALE -ErrorAction SilentlyContinue
    if ($code -ne $rebuildCode -or $rebuilt) { exit $code }
    if (-not (Invoke-Compile)) {
        if ($args.Count -gt 0 -and "$($args[0])".StartsWith(':')) {
            Write-Host "The build project does not compile; '$($args[0])' runs with the last build that did."
            $env:FAIRLEAD_STALE = '1'
            & $dotnet $program @args
            exit $LASTEXITCODE
        }
        Write-Host "The build project $project does not compile."
        exit 4
    }
    $rebuilt = $true
}
