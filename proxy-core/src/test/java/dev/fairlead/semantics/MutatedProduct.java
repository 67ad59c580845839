package dev.fairlead.semantics;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.LongFunction;

/** The product, the model and their comparison a second time, with or without a mistake in the product. */
final class MutatedProduct extends ClassLoader {
    private static final String OURS = "dev.fairlead.";

    private final Optional<Mutation> mutation;

    private MutatedProduct(Optional<Mutation> mutation) {
        super(MutatedProduct.class.getClassLoader());
        this.mutation = mutation;
    }

    /** A {@link Comparison} of its own. A mutation that no longer fits is refused here, before anybody compares. */
    static LongFunction<?> comparison(Optional<Mutation> mutation) throws ReflectiveOperationException {
        MutatedProduct product = new MutatedProduct(mutation);
        if (mutation.isPresent()) {
            product.loadClass(mutation.get().type());
        }
        return (LongFunction<?>) product.loadClass(Comparison.class.getName()).getConstructor().newInstance();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? findClass(name) : known;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] original = bytes(name);
        byte[] bytes = mutation.filter(m -> m.type().equals(name)).map(m -> m.applied(original)).orElse(original);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return file.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
