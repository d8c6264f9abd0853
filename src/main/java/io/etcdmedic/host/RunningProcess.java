package io.etcdmedic.host;

import java.util.List;

/// A process as /proc shows it.
///
/// @param uid the user it runs as
/// @param argv its arguments, the program first
/// @param cgroup the last line of /proc/PID/cgroup: names the systemd unit or the container
public record RunningProcess(long pid, int uid, List<String> argv, String cgroup) {
    public RunningProcess {
        argv = List.copyOf(argv);
    }

    /// The program's file name: `kube-apiserver`.
    public String program() {
        String first = argv.isEmpty() ? "" : argv.getFirst();
        return first.substring(first.lastIndexOf('/') + 1);
    }
}
