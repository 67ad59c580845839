package dev.fairlead.forward;

import org.jspecify.annotations.Nullable;

/**
 * Flows from the one that has been silent longest to the one that spoke last, linked through themselves, so that one
 * moves without a search. Confined to its loop.
 */
final class FlowList {
    /** A flow's place in one list at a time. */
    static final class Place {
        private final UdpSession flow;
        private @Nullable FlowList list;
        private @Nullable Place before;
        private @Nullable Place after;

        Place(UdpSession flow) {
            this.flow = flow;
        }

        /** Leaves the list it is in, if any. */
        void leave() {
            if (list != null) {
                list.remove(this);
            }
        }
    }

    private @Nullable Place oldest;
    private @Nullable Place newest;
    private int size;

    int size() {
        return size;
    }

    @Nullable
    UdpSession oldest() {
        return oldest == null ? null : oldest.flow;
    }

    /** It spoke last; it leaves the list it was in. */
    void add(Place place) {
        place.leave();
        place.list = this;
        place.before = newest;
        if (newest == null) {
            oldest = place;
        } else {
            newest.after = place;
        }
        newest = place;
        size++;
    }

    private void remove(Place place) {
        Place before = place.before;
        Place after = place.after;
        if (before == null) {
            oldest = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.before = before;
        }
        size--;
        place.list = null;
        place.before = null;
        place.after = null;
    }
}
