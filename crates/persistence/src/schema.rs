//! Tables and their columns, the same on both databases.

diesel::table! {
    client (id) {
        id -> Text,
        version -> BigInt,
        epoch -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        deleted -> Bool,
        active -> Bool,
        secret_hash -> Nullable<Binary>,
        secrets -> Json,
        settings -> Json,
    }
}

diesel::table! {
    app_user (id) {
        id -> Text,
        version -> BigInt,
        epoch -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        deleted -> Bool,
        inactive -> Bool,
        password_hash -> Nullable<Text>,
        reset_hash -> Nullable<Binary>,
        reset_expires -> Nullable<BigInt>,
        user_name -> Nullable<Text>,
        email -> Nullable<Text>,
        settings -> Json,
    }
}

diesel::table! {
    login_name (name) {
        name -> Text,
        user_id -> Text,
    }
}

diesel::table! {
    session (id) {
        id -> Text,
        kind -> Text,
        client_id -> Text,
        client_epoch -> BigInt,
        user_id -> Nullable<Text>,
        user_epoch -> Nullable<BigInt>,
        scope -> Text,
        audience -> Json,
        access_hash -> Binary,
        access_id -> Text,
        access_scope -> Text,
        access_audience -> Json,
        access_issued -> BigInt,
        access_expires -> BigInt,
        refresh_hash -> Nullable<Binary>,
        previous_hash -> Nullable<Binary>,
        refresh_expires -> Nullable<BigInt>,
        refresh_idle -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        generation -> BigInt,
        start -> BigInt,
        last_used -> BigInt,
        updated -> BigInt,
        ends -> BigInt,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_token (hash) {
        hash -> Binary,
        session_id -> Text,
    }
}

diesel::table! {
    browser_note (session_id) {
        session_id -> Text,
        sealed -> Binary,
        updated -> BigInt,
    }
}

diesel::table! {
    throttle (key) {
        key -> Text,
        tat -> BigInt,
    }
}

diesel::table! {
    familiar_network (account, network) {
        account -> Binary,
        network -> Binary,
        last_success -> BigInt,
    }
}

diesel::table! {
    event (id) {
        id -> BigInt,
        at -> BigInt,
        kind -> Text,
        reason -> Nullable<Text>,
        client_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        network -> Nullable<Text>,
        actor_type -> Nullable<Text>,
        actor_id -> Nullable<Text>,
        target_type -> Nullable<Text>,
        target_id -> Nullable<Text>,
        request_id -> Nullable<Text>,
        changes -> Nullable<Json>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    event_count (hour, kind) {
        hour -> BigInt,
        kind -> Text,
        events -> BigInt,
    }
}

diesel::table! {
    session_census (hour) {
        hour -> BigInt,
        live -> BigInt,
    }
}

diesel::table! {
    event_counted (id) {
        id -> BigInt,
        until -> BigInt,
    }
}

diesel::table! {
    audit_link (event_id) {
        event_id -> BigInt,
        seal -> Binary,
    }
}

diesel::table! {
    role (id) {
        id -> Text,
        version -> BigInt,
        epoch -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        deleted -> Bool,
        user_id -> Text,
        settings -> Json,
    }
}

diesel::table! {
    access_policy (id) {
        id -> Text,
        version -> BigInt,
        epoch -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        deleted -> Bool,
        settings -> Json,
    }
}

diesel::table! {
    access_policy_set (id) {
        id -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    resource_index (entry) {
        entry -> BigInt,
        source -> Text,
        kind -> Text,
        id -> Text,
        parameter -> Text,
        value -> Text,
        folded -> Text,
    }
}

diesel::table! {
    resource_history (sequence) {
        sequence -> BigInt,
        kind -> Text,
        id -> Text,
        version -> BigInt,
        epoch -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        lifecycle -> Text,
        document -> Nullable<Json>,
    }
}

diesel::table! {
    signing_key (kid) {
        kid -> Text,
        algorithm -> Text,
        created -> BigInt,
        sign_from -> BigInt,
        ends -> Nullable<BigInt>,
        sealed -> Binary,
    }
}

diesel::table! {
    wrapped_key (purpose) {
        purpose -> Text,
        sealed -> Binary,
    }
}

diesel::table! {
    schema_change (version) {
        version -> Text,
        name -> Text,
        kind -> Text,
    }
}

diesel::joinable!(login_name -> app_user (user_id));
diesel::joinable!(session -> client (client_id));
diesel::joinable!(session -> app_user (user_id));
diesel::joinable!(refresh_token -> session (session_id));
diesel::allow_tables_to_appear_in_same_query!(app_user, client, login_name, refresh_token, session);
diesel::allow_tables_to_appear_in_same_query!(client, resource_index);
diesel::allow_tables_to_appear_in_same_query!(app_user, resource_index);
diesel::allow_tables_to_appear_in_same_query!(role, resource_index);
diesel::allow_tables_to_appear_in_same_query!(access_policy, resource_index);
diesel::allow_tables_to_appear_in_same_query!(audit_link, event);
diesel::allow_tables_to_appear_in_same_query!(browser_note, session);
diesel::allow_tables_to_appear_in_same_query!(event, event_counted);
