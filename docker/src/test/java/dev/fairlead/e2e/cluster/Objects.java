package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.ApiDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Where the cluster's objects are kept; the nodes hear of every change. */
interface Objects {
    /** As kubectl apply. */
    void apply(KubeObject object) throws IOException;

    /** As kubectl delete. */
    void delete(KubeObject object) throws IOException;

    /**
     * A directory for each node, a file for each object, put there in one step.
     *
     * @param directories on one file system
     */
    record InFiles(List<Path> directories) implements Objects {
        @Override
        public void apply(KubeObject object) throws IOException {
            for (Path directory : directories) {
                // A name that is not read until it is moved.
                Path fresh = Files.writeString(directory.resolve(object.id() + ".fresh"), object.yaml());
                Files.move(fresh, file(directory, object), StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }

        @Override
        public void delete(KubeObject object) throws IOException {
            for (Path directory : directories) {
                Files.deleteIfExists(file(directory, object));
            }
        }

        private static Path file(Path directory, KubeObject object) {
            return directory.resolve(object.id() + ".yaml");
        }
    }

    /** The API server's double. */
    record InApi(ApiDouble api) implements Objects {
        @Override
        public void apply(KubeObject object) {
            api.apply(object.yaml());
        }

        @Override
        public void delete(KubeObject object) {
            api.delete(object.yaml());
        }
    }
}
