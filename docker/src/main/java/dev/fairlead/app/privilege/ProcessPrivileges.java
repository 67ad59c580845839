package dev.fairlead.app.privilege;

import dev.fairlead.transport.linux.Capability;
import dev.fairlead.transport.linux.Privileges;
import dev.fairlead.transport.linux.Privileges.GivenUp;
import java.util.Set;

/** What the process may do. Who lends it for a while keeps it. */
public interface ProcessPrivileges {
    /** This process is Fairlead's: what it gives up is gone for good. */
    ProcessPrivileges OWN = new ProcessPrivileges() {
        @Override
        public Set<Capability> held() {
            return Capability.effective();
        }

        @Override
        public GivenUp keepOnly(Set<Capability> kept) {
            return Privileges.keepOnly(kept);
        }
    };

    /** This process is somebody else's, who may need them yet, such as a test's. */
    ProcessPrivileges LENT = new ProcessPrivileges() {
        @Override
        public Set<Capability> held() {
            return Capability.effective();
        }

        @Override
        public GivenUp keepOnly(Set<Capability> kept) {
            return GivenUp.NOTHING;
        }
    };

    /** Those that are in force. */
    Set<Capability> held();

    /** Gives all others up. */
    GivenUp keepOnly(Set<Capability> kept);
}
