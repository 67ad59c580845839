package dev.fairlead.walls;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.OptionalInt;

/** Packages from left to right: each may import what stands to its left, and the root package may import them all. */
final class PackageOrder extends ArchCondition<JavaClass> {
    static final List<String> ORDER = List.of("model", "transport", "source", "balance", "table", "forward", "listen",
            "health", "control", "telemetry", "admin");

    private final String root;

    PackageOrder(String root) {
        super("import only from packages to their left in " + String.join(" < ", ORDER) + " < (root)");
        this.root = root;
    }

    @Override
    public void check(JavaClass item, ConditionEvents events) {
        place(item).ifPresent(own -> {
            for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                if (place(dependency.getTargetClass().getBaseComponentType()).orElse(-1) > own) {
                    events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
                }
            }
        });
    }

    /** Empty for what is not ours. A package that the order does not name stands right of all but nothing. */
    private OptionalInt place(JavaClass type) {
        String name = type.getPackageName();
        if (name.equals(root)) {
            return OptionalInt.of(ORDER.size());
        }
        if (!name.startsWith(root + ".")) {
            return OptionalInt.empty();
        }
        String first = name.substring(root.length() + 1).replaceFirst("\\..*", "");
        int index = ORDER.indexOf(first);
        return OptionalInt.of(index < 0 ? ORDER.size() + 1 : index);
    }
}
