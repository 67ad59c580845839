package dev.fairlead.manifests;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What an object says that its kind does not know: the model keeps it aside, where an API server would drop it. */
final class UnknownFields {
    private UnknownFields() {
    }

    /** Of an object and of all that is in it, each as a path. */
    static List<String> of(Object object) {
        List<String> found = new ArrayList<>();
        collect(object, object.getClass().getSimpleName(), found);
        return found;
    }

    private static void collect(Object object, String path, List<String> found) {
        switch (object) {
            case null -> {
            }
            case Collection<?> many -> many.forEach(one -> collect(one, path + "[]", found));
            case Map<?, ?> many -> many.forEach((key, one) -> collect(one, path + "." + key, found));
            default -> {
                if (object.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")
                        && !(object instanceof Enum<?>)) {
                    fields(object, path, found);
                }
            }
        }
    }

    private static void fields(Object object, String path, List<String> found) {
        for (Method method : object.getClass().getMethods()) {
            if (method.getName().startsWith("get") && method.getParameterCount() == 0
                    && !method.getName().equals("getClass")) {
                Object value = call(method, object);
                if (method.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) value).keySet().forEach(key -> found.add(path + "." + key));
                } else {
                    collect(value, path + "." + method.getName().substring("get".length()), found);
                }
            }
        }
    }

    private static Object call(Method method, Object object) {
        try {
            return method.invoke(object);
        } catch (ReflectiveOperationException defect) {
            throw new IllegalStateException(method.toString(), defect);
        }
    }
}
