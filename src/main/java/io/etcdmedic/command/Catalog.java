package io.etcdmedic.command;

import io.etcdmedic.command.about.Version;
import io.etcdmedic.command.backup.BackupCreate;
import io.etcdmedic.command.backup.BackupDiff;
import io.etcdmedic.command.backup.BackupList;
import io.etcdmedic.command.backup.BackupShow;
import io.etcdmedic.command.backup.BackupVerify;
import io.etcdmedic.command.backup.Restore;
import io.etcdmedic.command.cluster.Alarms;
import io.etcdmedic.command.cluster.Members;
import io.etcdmedic.command.cluster.SnapshotInfo;
import io.etcdmedic.command.cluster.SnapshotSalvage;
import io.etcdmedic.command.cluster.SnapshotSave;
import io.etcdmedic.command.cluster.SnapshotVerify;
import io.etcdmedic.command.cluster.Status;
import io.etcdmedic.command.file.Decode;
import io.etcdmedic.command.file.Encode;
import io.etcdmedic.command.file.SnapshotRestore;
import io.etcdmedic.command.fix.Fix;
import io.etcdmedic.command.inspect.Diff;
import io.etcdmedic.command.inspect.Find;
import io.etcdmedic.command.inspect.Get;
import io.etcdmedic.command.inspect.History;
import io.etcdmedic.command.inspect.Leases;
import io.etcdmedic.command.inspect.Ls;
import io.etcdmedic.command.inspect.Stat;
import io.etcdmedic.command.inspect.Top;
import io.etcdmedic.command.inspect.Tree;
import io.etcdmedic.command.inspect.Watch;
import io.etcdmedic.command.journal.JournalAbandon;
import io.etcdmedic.command.journal.JournalList;
import io.etcdmedic.command.journal.JournalPrune;
import io.etcdmedic.command.journal.JournalResume;
import io.etcdmedic.command.journal.JournalShow;
import io.etcdmedic.command.journal.JournalVerify;
import io.etcdmedic.command.journal.PlanApply;
import io.etcdmedic.command.journal.PlanShow;
import io.etcdmedic.command.journal.Undo;
import io.etcdmedic.command.node.NodeCertsCheck;
import io.etcdmedic.command.node.NodeCertsExtract;
import io.etcdmedic.command.node.NodeCertsFix;
import io.etcdmedic.command.node.NodeCniCheck;
import io.etcdmedic.command.node.NodeCniRestore;
import io.etcdmedic.command.node.NodeCniSave;
import io.etcdmedic.command.node.NodeInspect;
import io.etcdmedic.command.node.NodeNixCheck;
import io.etcdmedic.command.node.NodeNixGenerate;
import io.etcdmedic.command.node.NodePauseCheck;
import io.etcdmedic.command.node.NodePausePin;
import io.etcdmedic.command.node.NodePreflight;
import io.etcdmedic.command.node.NodeRebuild;
import io.etcdmedic.command.node.NodeVersionCheck;
import io.etcdmedic.command.node.NodeVersionPin;
import io.etcdmedic.command.profile.ProfileList;
import io.etcdmedic.command.profile.ProfileRemove;
import io.etcdmedic.command.profile.ProfileSave;
import io.etcdmedic.command.profile.ProfileShow;
import io.etcdmedic.command.profile.ProfileTry;
import io.etcdmedic.command.write.Delete;
import io.etcdmedic.command.write.Edit;
import io.etcdmedic.command.write.Put;
import io.etcdmedic.command.write.Undelete;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Commands by name. Only the one that runs is made, so that a start stays short.
///
/// @param rows in the order in which help lists them
public record Catalog(List<Row> rows) {
    private static final List<Row> ROWS = List.of(
            new Row("inspect", "ls", "", "list keys", Ls::new),
            new Row("inspect", "tree", "", "keys as a tree, counted", Tree::new),
            new Row("inspect", "get", "", "show keys or objects", Get::new),
            new Row("inspect", "find", "", "objects by name, labels or a condition", Find::new),
            new Row("inspect", "stat", "", "keys and bytes per resource", Stat::new),
            new Row("inspect", "top", "", "what is largest, and what changes most", Top::new),
            new Row("inspect", "history", "", "every revision of a key that is still held", History::new),
            new Row("inspect", "diff", "", "keys in which two revisions, or two files, differ", Diff::new),
            new Row("inspect", "watch", "", "changes as they happen", Watch::new),
            new Row("inspect", "leases", "", "leases and the keys they hold", Leases::new),
            new Row("inspect", "decode", "", "stored values from files as objects", Decode::new),
            new Row("inspect", "encode", "", "objects from files as stored values", Encode::new),
            new Row("cluster", "status", "", "what the source is and how it is", Status::new),
            new Row("cluster", "members", "", "the members of the cluster", Members::new),
            new Row("cluster", "alarms", "", "alarms that are raised", Alarms::new),
            new Row("cluster", "profile", "list", "connections that were saved", ProfileList::new),
            new Row("cluster", "profile", "show", "one of them", ProfileShow::new),
            new Row("cluster", "profile", "save", "save the connection that the options name", ProfileSave::new),
            new Row("cluster", "profile", "test", "whether one leads to its cluster", ProfileTry::new),
            new Row("cluster", "profile", "remove", "forget one", ProfileRemove::new),
            new Row("cluster", "snapshot", "save", "save a member's database to a file", SnapshotSave::new),
            new Row("cluster", "snapshot", "info", "what a database file says about itself", SnapshotInfo::new),
            new Row("cluster", "snapshot", "verify", "whether a database file is whole", SnapshotVerify::new),
            new Row("cluster", "snapshot", "salvage", "what a damaged database file still holds", SnapshotSalvage::new),
            new Row("cluster", "snapshot", "restore", "the commands that restore a file", SnapshotRestore::new),
            new Row("node", "node", "inspect", "what this node is and runs", NodeInspect::new),
            new Row("node", "node", "certs check", "certificates and keys, and who can read them", NodeCertsCheck::new),
            new Row(
                    "node",
                    "node",
                    "certs fix",
                    "let every service read what it needs, and no more",
                    NodeCertsFix::new),
            new Row("node", "node", "certs extract", "the files that RKE1 made, out of etcd", NodeCertsExtract::new),
            new Row(
                    "node",
                    "node",
                    "pause check",
                    "whether pods will still find their pause image",
                    NodePauseCheck::new),
            new Row("node", "node", "pause pin", "import the pause image and pin it", NodePausePin::new),
            new Row("node", "node", "cni check", "whether pods get their network, also tomorrow", NodeCniCheck::new),
            new Row("node", "node", "cni save", "keep copies of the CNI plugins", NodeCniSave::new),
            new Row("node", "node", "cni restore", "put CNI plugins back", NodeCniRestore::new),
            new Row("node", "node", "nix check", "a NixOS module against the node and etcd", NodeNixCheck::new),
            new Row("node", "node", "nix generate", "the NixOS module of a node of RKE1", NodeNixGenerate::new),
            new Row("node", "node", "version check", "versions, skew, and the next step", NodeVersionCheck::new),
            new Row("node", "node", "version pin", "the lines that hold Kubernetes at a version", NodeVersionPin::new),
            new Row("node", "node", "preflight", "everything that would break, before the switch", NodePreflight::new),
            new Row("node", "node", "rebuild", "the way through a rebuild, stage by stage", NodeRebuild::new),
            new Row("repair", "fix", "", "runbooks: what is wrong, and what to do about it", Fix::new),
            new Row("repair", "delete", "", "delete keys, archived first", Delete::new),
            new Row("repair", "edit", "", "an object in your editor, stored as it was stored", Edit::new),
            new Row("repair", "put", "", "write one key, from a document or its bytes", Put::new),
            new Row("repair", "undelete", "", "bring a deleted key back from etcd's history", Undelete::new),
            new Row("repair", "plan", "show", "what a plan file would do", PlanShow::new),
            new Row("repair", "plan", "apply", "run a plan that was approved by its hash", PlanApply::new),
            new Row("repair", "journal", "list", "every change that was begun", JournalList::new),
            new Row("repair", "journal", "show", "everything about one change", JournalShow::new),
            new Row(
                    "repair",
                    "journal",
                    "resume",
                    "settle and go on with what was left in the middle",
                    JournalResume::new),
            new Row("repair", "journal", "abandon", "settle it, and send nothing more", JournalAbandon::new),
            new Row("repair", "journal", "verify", "whether journal and archives are untouched", JournalVerify::new),
            new Row("repair", "journal", "prune", "remove archives that nothing needs", JournalPrune::new),
            new Row("repair", "undo", "", "take a change back", Undo::new),
            new Row("backup", "backup", "create", "keep keys with all that etcd knows of them", BackupCreate::new),
            new Row("backup", "backup", "verify", "whether an archive is whole", BackupVerify::new),
            new Row("backup", "backup", "list", "what an archive holds", BackupList::new),
            new Row("backup", "backup", "show", "keys of an archive", BackupShow::new),
            new Row("backup", "backup", "diff", "what changed since an archive was made", BackupDiff::new),
            new Row("backup", "restore", "", "write kept values back, byte for byte", Restore::new),
            new Row("about", "version", "", "what a bug report needs", Version::new));

    public Catalog {
        rows = List.copyOf(rows);
    }

    /// Every command of a single command line, without those that read command lines themselves.
    public static Catalog standard() {
        return new Catalog(ROWS);
    }

    /// This one, and `more`, which beat a row of the same words.
    public Catalog with(List<Row> more) {
        List<String> newer = more.stream().map(Row::words).toList();
        return new Catalog(Stream.concat(rows.stream().filter(r -> !newer.contains(r.words())), more.stream())
                .toList());
    }

    /// @param group the heading in the list of commands
    /// @param sub the second word; empty for a command of one word
    public record Row(String group, String name, String sub, String summary, Supplier<Command> make) {
        public String words() {
            return sub.isEmpty() ? name : name + " " + sub;
        }

        /// The words that the operator types, one by one.
        public List<String> path() {
            return List.of(words().split(" "));
        }

        private boolean begins(List<String> typed) {
            List<String> path = path();
            return typed.size() >= path.size() && typed.subList(0, path.size()).equals(path);
        }
    }

    /// The rows whose first word is `name`.
    public List<Row> named(String name) {
        return rows.stream().filter(r -> r.name().equals(name)).toList();
    }

    /// The command that `typed` begins with.
    public Optional<Row> find(List<String> typed) {
        return rows.stream()
                .filter(r -> r.begins(typed))
                .max(Comparator.comparingInt(r -> r.path().size()));
    }
}
