package io.etcdmedic.command;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.EncryptionConfiguration;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.installation.Part;
import io.etcdmedic.kms.KmsPlugins;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.schema.Schema;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes the codec of one command line: `--schema` and `--encryption-config`, or what this machine's kube-apiserver
/// uses.
///
/// @param live whether the source is a cluster; the keys of this machine's kube-apiserver are no use for a file
/// @param atEnd takes what is to be closed when the session ends
/// @param note takes what the operator should know
record CodecOpening(ValueOptions values, boolean live, Consumer<Session.Cleaning> atEnd, Consumer<String> note) {
    private static final String FLAG = "encryption-provider-config";

    Codec open(RegistryKeys registry) {
        Schema schema = Schema.builtIn();
        for (Path file : values.schemas()) {
            schema = with(schema, file);
        }
        return new Codec(schema, atRest(), registry);
    }

    private static Schema with(Schema schema, Path file) {
        try {
            return schema.withDescriptorSet(read(file, "the descriptor set").toArray());
        } catch (Failure.Corrupt broken) {
            Problem why = broken.problem();
            throw new Failure.Corrupt(
                            new Problem("reading the descriptor set " + file, why.found(), why.expected(), why.hint()))
                    .because(broken);
        }
    }

    private AtRest atRest() {
        KmsPlugins plugins = new KmsPlugins();
        atEnd.accept(plugins::close);
        if (values.encryptionConfig().isPresent()) {
            return new AtRest(configuration(values.encryptionConfig().get()), plugins, new SecureRandom());
        }
        return live ? new AtRest(this::found, plugins, new SecureRandom()) : AtRest.locked();
    }

    /// What the kube-apiserver of this machine was told; nothing where there is none, or its file cannot be read.
    private EncryptionConfiguration found() {
        for (Part part : Installation.of(LiveMachine.at(Path.of("/"))).parts(Component.APISERVER)) {
            Optional<String> path = part.flags().get(FLAG);
            if (path.isPresent()) {
                String told = "--" + FLAG + "=" + path.get() + " of the kube-apiserver here (" + part.where() + ")";
                try {
                    EncryptionConfiguration configuration = configuration(Path.of(path.get()));
                    note.accept("values were decrypted with " + told);
                    return configuration;
                } catch (Failure unusable) {
                    note.accept(
                            told + " could not be used: " + unusable.problem().found());
                }
            }
        }
        return EncryptionConfiguration.NONE;
    }

    private EncryptionConfiguration configuration(Path file) {
        Bytes yaml = read(file, "the encryption configuration");
        if (canBeReadByOthers(file)) {
            note.accept("the keys in " + file + " can be read by others; chmod 0600 " + file);
        }
        return EncryptionConfiguration.read(yaml, file.toString());
    }

    private static boolean canBeReadByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream()
                    .anyMatch(p -> p == PosixFilePermission.GROUP_READ || p == PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    private static Bytes read(Path file, String what) {
        Problem problem = Problem.in("reading " + what + " " + file);
        try {
            return Bytes.owned(Files.readAllBytes(file));
        } catch (NoSuchFileException absent) {
            throw new Failure.Unreachable(problem.found("no such file")).because(absent);
        } catch (AccessDeniedException denied) {
            throw new Failure.Unreachable(problem.found("permission denied")).because(denied);
        } catch (IOException e) {
            throw new Failure.Unreachable(problem.found(e.toString())).because(e);
        }
    }
}
