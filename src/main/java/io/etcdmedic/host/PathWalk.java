package io.etcdmedic.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The way to a file: every folder that must be passed, links followed inside the machine.
///
/// @param passed what was looked at on the way, in order, links included, the end excluded
/// @param end what is there, no longer a link; empty when the way breaks
/// @param broken why the way breaks, when that is more than a missing file; empty otherwise
public record PathWalk(List<FileMeta> passed, Optional<FileMeta> end, String broken) {
    /// Linux gives up after 40 links (path_resolution(7)).
    private static final int LINKS_MAX = 40;

    public PathWalk {
        passed = List.copyOf(passed);
    }

    public static PathWalk of(Machine machine, String path) {
        return new Walker(machine).walk(path);
    }

    private static final class Walker {
        private final Machine machine;
        private final List<FileMeta> passed = new ArrayList<>();
        private int links;

        Walker(Machine machine) {
            this.machine = machine;
        }

        PathWalk walk(String path) {
            Deque<String> todo = new ArrayDeque<>(segments(path));
            Deque<String> here = new ArrayDeque<>();
            Optional<FileMeta> at = machine.look("/");
            while (at.isPresent() && !todo.isEmpty()) {
                FileMeta above = at.get();
                if (!above.isFolder()) {
                    return broken(above.path() + " is not a folder");
                }
                passed.add(above);
                String name = todo.removeFirst();
                if (name.equals("..")) {
                    here.pollLast();
                    at = machine.look(joined(here));
                    continue;
                }
                here.addLast(name);
                at = machine.look(joined(here));
                if (at.isPresent() && at.get().kind() == FileMeta.Kind.LINK) {
                    FileMeta link = at.get();
                    if (++links > LINKS_MAX) {
                        return broken("a loop of symbolic links at " + link.path());
                    }
                    passed.add(link);
                    here.removeLast();
                    if (link.linkTarget().startsWith("/")) {
                        here.clear();
                    }
                    List<String> target = segments(link.linkTarget());
                    for (int i = target.size() - 1; i >= 0; i--) {
                        todo.addFirst(target.get(i));
                    }
                    at = machine.look(joined(here));
                }
            }
            return at.isEmpty() ? missing(joined(here)) : new PathWalk(passed, at, "");
        }

        private PathWalk missing(String where) {
            boolean dangling = !passed.isEmpty() && passed.getLast().kind() == FileMeta.Kind.LINK || links > 0;
            return broken(dangling ? "a symbolic link leads to " + where + ", which is not there" : "");
        }

        private PathWalk broken(String why) {
            return new PathWalk(passed, Optional.empty(), why);
        }

        private static List<String> segments(String path) {
            return Arrays.stream(path.split("/"))
                    .filter(segment -> !segment.isEmpty() && !segment.equals("."))
                    .toList();
        }

        private static String joined(Deque<String> segments) {
            return "/" + String.join("/", segments);
        }
    }
}
