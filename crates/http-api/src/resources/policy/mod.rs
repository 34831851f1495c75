//! `AccessPolicy`: who may call what.

mod wire;

pub(crate) use wire::PolicyBody;

use grantor_domain::access::AccessPolicy;

use super::handlers::endpoints;

endpoints!(
    AccessPolicy, PolicyBody, tag = "AccessPolicy", hashes = false, id = "`AccessPolicy.id`",
    search = (
        ("engine" = Option<String>, Query, description = "`allow`, `matcho`, `complex` or `cedar`"),
        ("link" = Option<String>, Query, description = "Whom it is linked to: `User/id`, `Client/id` or `Role/id`"),
        ("roleName" = Option<String>, Query, description = "The role it is for"),
        ("description" = Option<String>, Query, description = "Its description"),
    ),
    create_policy "/AccessPolicy" "create_access_policy",
    read_policy put_policy patch_policy delete_policy "/AccessPolicy/{id}" "read_access_policy" "put_access_policy" "patch_access_policy" "delete_access_policy",
    search_policies "search_access_policies",
    search_policies_by_form "/AccessPolicy/_search" "search_access_policies_by_form",
    read_policy_history "/AccessPolicy/{id}/_history" "read_access_policy_history",
    read_history_of_policies "/AccessPolicy/_history" "read_history_of_access_policies",
    read_policy_version "/AccessPolicy/{id}/_history/{version}" "read_access_policy_version",
);
