namespace ProdSprint.Deploy;

/// <summary>
/// The small shell that stands beside each application, because the server may be dead: it cuts the output into files of limited size (a flood can
/// never fill the disk), and notes how the application ended. It also holds the instance's lock, so that a second copy can never run.
/// </summary>
internal static class LaunchScript
{
    /// <summary>Arguments: instance directory, bytes of a log segment, most open files, KiB of data, processors (a list, or nothing), working directory, command …</summary>
    public const string Text =
        """
        exec </dev/null >/dev/null 2>&1
        cd "$1" || exit 71
        # When memory runs out, the kernel shall take an application before the server or the router.
        echo 500 >/proc/self/oom_score_adj
        exec 9>lock
        flock -n 9 || exit 75
        rm -f exit out
        mkfifo -m 600 out || exit 72
        max=$2 files=$3 data=$4 cpus=$5 dir=$6
        shift 6
        trap : TERM INT HUP QUIT
        (
          exec 9>&-
          trap '' TERM INT HUP QUIT
          cd log || exec cat
          unbuffered=$(command -v stdbuf >/dev/null && echo stdbuf -o0)
          while :; do
            # A segment's name is where it begins, counted from the first byte ever written.
            last=run-000000000000000.log
            for f in run-*.log; do [ -f "$f" ] && last=$f; done
            at=${last#run-} at=${at%.log}
            size=0
            [ -f "$last" ] && size=$(wc -c <"$last")
            if [ "$size" -ge "$max" ]; then
              last=$(printf 'run-%015d.log' $((1$at - 1000000000000000 + size)))
              size=0
              : >"$last" || break
              set -- run-*.log
              while [ $# -gt 4 ]; do rm -f "$1"; shift; done
            fi
            $unbuffered head -c $((max - size)) >>"$last" || break
            # Less than asked for: the end of the output.
            [ "$(wc -c <"$last")" -ge "$max" ] || break
          done
          # Disk full, most likely: the application must not block on its own output.
          exec cat >/dev/null
        ) <out &
        (
          ulimit -c 0
          ulimit -n "$files"
          ulimit -d "$data"
          [ -z "$cpus" ] || set -- taskset -c "$cpus" "$@"
          cd "$dir" && exec "$@"
        ) >out 2>&1 &
        app=$!
        while :; do
          wait "$app"
          code=$?
          kill -0 "$app" || break
        done
        printf '%s' "$code" >exit~ && mv -f exit~ exit
        """;
}
