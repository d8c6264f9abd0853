package io.etcdmedic.host;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A machine to be looked at: the live one, one mounted below a folder, or one whose facts were saved.
///
/// Paths are absolute as seen inside the machine. Symbolic links are followed inside it only: an absolute target
/// begins again at the machine's root, and `..` does not leave it. Nothing here writes.
public interface Machine {
    /// Large enough for every configuration file, certificate and `cluster.rkestate`; not for a database.
    int CONTENT_BYTES_MAX = 8 << 20;

    /// Enough for an ELF header or the first line of a script.
    int HEAD_BYTES = 64;

    /// Who answers, for evidence: "this machine", "the tree below /mnt", "the facts in DIR".
    String name();

    /// What is at `path`, not following the last link. The folders above must already be free of links.
    Optional<FileMeta> look(String path);

    /// The names in the folder at `path`, sorted; empty when it is none or cannot be read.
    List<String> names(String path);

    /// The content of the regular file at `path`, not following links.
    FileContent content(String path);

    /// The first bytes of the regular file at `path`, at most [#HEAD_BYTES], not following links: for files whose
    /// kind is asked for and not their content.
    FileContent head(String path);

    /// The access list of what is at `path`; no entries for a plain mode, empty when it cannot be told.
    Optional<List<AclEntry>> acl(String path);

    /// The processes that run; none for a machine that is only a tree.
    List<RunningProcess> processes();

    /// Runs a tool on the machine; a tree answers `Missing`.
    ToolAnswer run(ToolCall call);

    /// What was asked for and is there, but not for the user that we run as.
    default Set<String> denied() {
        return Set.of();
    }

    /// Whether a folder on the way hides from us what is at `path`; known after it was asked for.
    default boolean isHidden(String path) {
        return denied().stream().anyMatch(hidden -> path.equals(hidden) || path.startsWith(hidden + "/"));
    }

    /// Follows every link of `path`; empty when it leads nowhere, in circles, or through a file.
    default Optional<FileMeta> stat(String path) {
        return PathWalk.of(this, path).end();
    }

    default boolean exists(String path) {
        return stat(path).isPresent();
    }

    /// Reads the file at `path` through its links.
    default FileContent read(String path) {
        PathWalk walk = PathWalk.of(this, path);
        if (walk.end().isPresent()) {
            return content(walk.end().get().path());
        }
        if (isHidden(path)) {
            return new FileContent.Unreadable(IoReason.denied(path));
        }
        return walk.broken().isEmpty() ? new FileContent.Absent() : new FileContent.Unreadable(walk.broken());
    }

    /// The names in the folder at `path`, through its links.
    default List<String> list(String path) {
        return stat(path).filter(FileMeta::isFolder).map(m -> names(m.path())).orElse(List.of());
    }
}
