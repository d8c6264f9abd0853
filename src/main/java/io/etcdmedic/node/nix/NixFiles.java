package io.etcdmedic.node.nix;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sources of a configuration: one `.nix` file, or the folder of a flake.
///
/// @param subject the file, or the folder, absolute
/// @param sources every `.nix` file that may be read, by its absolute path
public record NixFiles(Path subject, boolean isFlake, Map<Path, String> sources) {
    /// A module of a node has some 10 kB; the largest file of nixpkgs that is written by hand has 1.2 MB.
    static final long FILE_BYTES_MAX = 2 << 20;

    static final int FILES_MAX = 500;
    private static final int DEPTH_MAX = 8;
    private static final int NAMES_MAX = 20_000;
    private static final Pattern RELATIVE = Pattern.compile("\\.{1,2}/[A-Za-z0-9._/+-]{1,200}");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_'-]*");

    /// @throws Failure.Unreachable when there is nothing, or it cannot be read
    /// @throws Failure.Refused when it is larger than a configuration is
    public static NixFiles at(Path given) {
        Path subject = given.toAbsolutePath().normalize();
        Problem problem = Problem.in("reading " + given);
        if (Files.isDirectory(subject)) {
            boolean flake = Files.isRegularFile(subject.resolve("flake.nix"));
            if (!flake && !Files.isRegularFile(subject.resolve("default.nix"))) {
                throw new Failure.Unreachable(problem.found("the folder has neither a flake.nix nor a default.nix")
                        .hint("name the .nix file of the module"));
            }
            Path root = flake ? subject : subject.resolve("default.nix");
            return new NixFiles(root, flake, folder(subject));
        }
        if (!Files.exists(subject)) {
            throw new Failure.Unreachable(problem.found("there is no such file or folder"));
        }
        if (!Files.isRegularFile(subject)) {
            throw new Failure.Unreachable(problem.found("it is neither a file nor a folder"));
        }
        if (subject.endsWith("flake.nix")) {
            return at(folderOf(subject));
        }
        return new NixFiles(subject, false, withImports(subject));
    }

    /// The file and the files beside and below it that it names by relative paths, and so on.
    private static Map<Path, String> withImports(Path subject) {
        Map<Path, String> sources = new TreeMap<>();
        Deque<Path> open = new ArrayDeque<>(List.of(subject));
        while (!open.isEmpty() && sources.size() < FILES_MAX) {
            Path file = open.remove();
            if (sources.containsKey(file)) {
                continue;
            }
            String text = read(file);
            sources.put(file, text);
            Matcher matcher = RELATIVE.matcher(text);
            while (matcher.find()) {
                target(folderOf(subject), file, matcher.group()).ifPresent(open::add);
            }
        }
        return sources;
    }

    /// The file that a relative path means, when it lies in `folder` and is a source.
    private static Optional<Path> target(Path folder, Path from, String path) {
        Path named = folderOf(from).resolve(path).normalize();
        Path file = Files.isDirectory(named) ? named.resolve("default.nix") : named;
        boolean isSource = file.startsWith(folder)
                && file.toString().endsWith(".nix")
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        return isSource ? Optional.of(file) : Optional.empty();
    }

    /// The source that a module's import means; empty when it was not read.
    Optional<Path> imported(Path from, String path) {
        return path.startsWith("./") || path.startsWith("../")
                ? target(folder(), from, path).filter(sources::containsKey)
                : Optional.empty();
    }

    /// The folder that may be read: nothing above it is.
    public Path folder() {
        return isFlake ? subject : folderOf(subject);
    }

    /// A path as a person calls it: below the folder.
    String shown(String path) {
        String prefix = folder() + "/";
        return path.startsWith(prefix) ? path.substring(prefix.length()) : path;
    }

    /// Every identifier: among them the names of packages and of a flake's inputs.
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (String text : sources.values()) {
            Matcher matcher = IDENTIFIER.matcher(text);
            while (matcher.find() && names.size() < NAMES_MAX) {
                names.add(matcher.group());
            }
        }
        return names;
    }

    private static Path folderOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static String read(Path file) {
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw new Failure.Refused(Problem.in("reading " + file)
                        .found("it has " + size + " bytes")
                        .expected("a configuration of at most " + FILE_BYTES_MAX));
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading " + file).found(IoReason.of(e))).because(e);
        }
    }

    private static Map<Path, String> folder(Path folder) {
        Map<Path, String> sources = new TreeMap<>();
        try {
            Files.walkFileTree(
                    folder, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEPTH_MAX, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                            boolean hidden = !dir.equals(folder)
                                    && dir.getFileName().toString().startsWith(".");
                            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                            boolean isSource = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                    && file.getFileName().toString().endsWith(".nix");
                            if (isSource && attributes.size() <= FILE_BYTES_MAX) {
                                sources.put(file, read(file));
                            }
                            return sources.size() < FILES_MAX ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("reading the folder " + folder).found(IoReason.of(e)))
                    .because(e);
        }
        return sources;
    }
}
