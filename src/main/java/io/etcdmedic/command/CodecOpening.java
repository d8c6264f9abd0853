package io.etcdmedic.command;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.EncryptionConfiguration;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kms.KmsPlugins;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Consumer;

/// Makes the codec of one command line: `--schema` and `--encryption-config`.
///
/// @param atEnd takes what is to be closed when the session ends
record CodecOpening(ValueOptions values, Consumer<Session.Cleaning> atEnd) {

    Codec open(RegistryKeys registry) {
        Schema schema = Schema.builtIn();
        for (Path file : values.schemas()) {
            schema = schema.withDescriptorSet(read(file, "the descriptor set").toArray());
        }
        return new Codec(schema, atRest(), registry);
    }

    private AtRest atRest() {
        if (values.encryptionConfig().isEmpty()) {
            return AtRest.locked();
        }
        Path file = values.encryptionConfig().get();
        KmsPlugins plugins = new KmsPlugins();
        atEnd.accept(plugins::close);
        Bytes yaml = read(file, "the encryption configuration");
        return new AtRest(EncryptionConfiguration.read(yaml, file.toString()), plugins, new SecureRandom());
    }

    private static Bytes read(Path file, String what) {
        Problem problem = Problem.in("reading " + what + " " + file);
        try {
            return Bytes.owned(Files.readAllBytes(file));
        } catch (NoSuchFileException absent) {
            throw new Failure.Unreachable(problem.found("no such file")).because(absent);
        } catch (IOException e) {
            throw new Failure.Unreachable(problem.found(e.toString())).because(e);
        }
    }
}
