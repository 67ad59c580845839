package dev.fairlead.walls;

import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Conditions on one thing at a time. */
final class Names {
    private Names() {
    }

    /** Holds where the name matches: to be used with {@code noClasses()} and the like. */
    static <T extends HasDescription> ArchCondition<T> match(String what, Pattern pattern, Function<T, String> name) {
        return satisfy("have a " + what + " name like " + pattern, item -> pattern.matcher(name.apply(item)).matches());
    }

    static <T extends HasDescription> ArchCondition<T> satisfy(String description, Predicate<T> predicate) {
        return new ArchCondition<>(description) {
            @Override
            public void check(T item, ConditionEvents events) {
                events.add(new SimpleConditionEvent(item, predicate.test(item), item.getDescription()));
            }
        };
    }
}
