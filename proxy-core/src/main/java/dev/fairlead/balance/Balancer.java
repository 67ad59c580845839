package dev.fairlead.balance;

import java.util.List;
import java.util.Optional;

/** Makes pickers. Control thread; may be slow. */
public interface Balancer {
    /**
     * A picker for new candidates.
     *
     * @param candidates sorted by address, without duplicates; may be empty
     * @param previous the picker it replaces, of this or of another balancer: a place to take rotation from
     */
    Picker newPicker(List<Upstream> candidates, Optional<Picker> previous);
}
