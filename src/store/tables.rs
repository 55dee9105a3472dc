//! The tables, for both databases: only types that SQLite and PostgreSQL share.

diesel::table! {
    enterprises (pk) {
        pk -> BigInt, id -> Text, name -> Text, name_key -> Text, plan -> Text, plan_active -> Bool,
        sso_configured_at -> Nullable<BigInt>, invite_rule -> Text, invite_domains -> Text,
        invite_control_binds_scim -> Bool, seats_total -> BigInt, seats_members -> BigInt,
        seats_invitations -> BigInt, active_owners -> BigInt, member_count -> BigInt,
        team_count -> BigInt, departed -> BigInt, founded -> Bool, created_at -> BigInt,
        plan_ends_at -> Nullable<BigInt>, trial_started_at -> Nullable<BigInt>,
        trial_from_plan -> Nullable<Text>, trial_from_seats -> Nullable<BigInt>,
        trial_from_ends_at -> Nullable<BigInt>, plan_warned_days -> Nullable<BigInt>,
        git_sync_enabled -> Bool, subscription_id -> Nullable<Text>,
        subscription_event_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    cursor_keys (pk) {
        pk -> BigInt, secret -> Binary,
    }
}
diesel::table! {
    activation_codes (pk) {
        pk -> BigInt, id -> Text, hash -> Binary, customer -> Text, customer_key -> Text,
        enterprise_pk -> Nullable<BigInt>, seats -> BigInt, days -> BigInt, state -> Text,
        issued_at -> BigInt, used_at -> Nullable<BigInt>, used_by -> Nullable<BigInt>,
    }
}
diesel::table! {
    own_accounts (user_pk) {
        user_pk -> BigInt, enterprise_pk -> BigInt, made_at -> BigInt,
        made_through -> Nullable<BigInt>,
    }
}
diesel::table! {
    ownership_links (hash) {
        hash -> Binary, enterprise_pk -> BigInt, member_pk -> BigInt, email -> Text,
        created_at -> BigInt, expires_at -> BigInt,
    }
}
diesel::table! {
    seat_requests (pk) {
        pk -> BigInt, enterprise_pk -> BigInt, seats -> BigInt, created_at -> BigInt,
    }
}
diesel::table! {
    waiting_payments (enterprise_pk) {
        enterprise_pk -> BigInt, plan -> Text, seats -> BigInt, ends_at -> Nullable<BigInt>,
        paid_at -> BigInt,
    }
}
diesel::table! {
    billing_events (id) {
        id -> Text, enterprise_pk -> BigInt, applied_at -> BigInt,
    }
}
diesel::table! {
    domains (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, name -> Text, challenge -> Text,
        created_at -> BigInt, checked_at -> Nullable<BigInt>, check_result -> Nullable<Text>,
        verified_at -> Nullable<BigInt>, method -> Nullable<Text>, capture -> Bool, locked -> Bool,
        lost_since -> Nullable<BigInt>, rest_warned_at -> Nullable<BigInt>,
        looked_at -> Nullable<BigInt>, verify_using -> Nullable<Text>,
    }
}
diesel::table! {
    connectors (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, enabled -> Bool, created_at -> BigInt,
        last_request_at -> Nullable<BigInt>, log_personal_values -> Bool, log_days -> BigInt,
    }
}
diesel::table! {
    connector_tokens (pk) {
        pk -> BigInt, connector_pk -> BigInt, hash -> Binary, created_at -> BigInt,
        expires_at -> Nullable<BigInt>, id -> Nullable<Text>, label -> Text, expiry -> Text,
        created_by -> Text, superseded_at -> Nullable<BigInt>, last_used_at -> Nullable<BigInt>,
        warned_days -> Nullable<BigInt>,
    }
}
diesel::table! {
    oauth_clients (pk) {
        pk -> BigInt, id -> Text, connector_pk -> BigInt, name -> Text, redirect_uris -> Text,
        grant_types -> Text, secret_hash -> Binary, former_secret_hash -> Nullable<Binary>,
        former_secret_until -> Nullable<BigInt>, created_at -> BigInt, created_by -> Text,
        revoked_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    oauth_codes (pk) {
        pk -> BigInt, hash -> Binary, client_pk -> BigInt, redirect_uri -> Text,
        challenge -> Nullable<Text>, family -> Text, expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    oauth_tokens (pk) {
        pk -> BigInt, hash -> Binary, client_pk -> BigInt, kind -> Text, family -> Text,
        created_at -> BigInt, expires_at -> BigInt, used_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    scim_requests (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, at -> BigInt, idp -> Text,
        method -> Text, path -> Text, query -> Text, status -> BigInt, duration_us -> BigInt,
        resource_id -> Nullable<Text>, error_detail -> Nullable<Text>,
        request_id -> Nullable<Text>, user_agent -> Text, request_bytes -> BigInt,
        response_bytes -> BigInt, request_body -> Nullable<Text>, response_body -> Nullable<Text>,
    }
}
diesel::table! {
    users (pk) {
        pk -> BigInt, id -> Text, email -> Text, email_key -> Text, created_at -> BigInt,
        email_domain -> Nullable<Text>, signed_up_at -> Nullable<BigInt>, name -> Nullable<Text>,
    }
}
diesel::table! {
    user_addresses (email_key) {
        email_key -> Text, user_pk -> BigInt, email -> Text, email_domain -> Text, proof -> Text,
        proved_at -> BigInt,
    }
}
diesel::table! {
    user_address_links (hash) {
        hash -> Binary, user_pk -> BigInt, email -> Text, created_at -> BigInt,
        expires_at -> BigInt,
    }
}
diesel::table! {
    user_ids_before_proof (email_key) { email_key -> Text, id -> Text, created_at -> BigInt, }
}
diesel::table! {
    claims (member_pk) {
        member_pk -> BigInt, enterprise_pk -> BigInt, user_pk -> BigInt, basis -> Text,
        claimed_at -> BigInt, first_steps_hidden_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    declined_members (user_pk, member_pk) {
        user_pk -> BigInt, member_pk -> BigInt, declined_at -> BigInt,
    }
}
diesel::table! {
    sso_identities (member_pk, connection_pk) {
        member_pk -> BigInt, connection_pk -> BigInt, issuer -> Nullable<Text>,
        subject -> Nullable<Text>, noted_at -> BigInt, asked_issuer -> Nullable<Text>, asked_subject -> Nullable<Text>,
        asked_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    sign_ups (pk) {
        pk -> BigInt, email -> Text, email_key -> Text, given_name -> Nullable<Text>,
        family_name -> Nullable<Text>, hash -> Binary, created_at -> BigInt, expires_at -> BigInt,
    }
}
diesel::table! {
    members (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, email -> Nullable<Text>, role -> Text,
        source -> Text, active -> Bool, seat_since -> Nullable<BigInt>, user_name -> Text,
        user_name_key -> Text, external_id -> Nullable<Text>, display_name -> Nullable<Text>,
        display_name_key -> Nullable<Text>, note -> Nullable<Text>, document -> Text,
        version -> BigInt, created_at -> BigInt, modified_at -> BigInt,
    }
}
diesel::table! {
    member_emails (email_key, enterprise_pk, member_pk) {
        enterprise_pk -> BigInt, email_key -> Text, member_pk -> BigInt, is_email -> Bool,
    }
}
diesel::table! {
    search_terms (enterprise_pk, kind, term, pk) {
        enterprise_pk -> BigInt, kind -> Text, term -> Text, pk -> BigInt,
    }
}
diesel::table! {
    captured_members (member_pk) {
        member_pk -> BigInt, enterprise_pk -> BigInt, captured_at -> BigInt,
    }
}
diesel::table! {
    key_versions (version) {
        version -> BigInt,
    }
}
diesel::table! {
    name_conflicts (pk) {
        pk -> BigInt, enterprise_pk -> Nullable<BigInt>, kind -> Text, subject_id -> Text,
        subject_name -> Text, other_id -> Text, other_name -> Text, noted_at -> BigInt,
    }
}
diesel::table! {
    organizations (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, name -> Text, name_key -> Text,
        created_at -> BigInt, invite_rule -> Nullable<Text>, invite_domains -> Text,
    }
}
diesel::table! {
    organization_members (organization_pk, member_pk) {
        organization_pk -> BigInt, member_pk -> BigInt, role -> Text,
    }
}
diesel::table! {
    teams (pk) {
        pk -> BigInt, id -> Text, scim_id -> Text, enterprise_pk -> BigInt, name -> Text,
        name_key -> Text, linked_from -> Nullable<Text>, description -> Text, role -> Text, source -> Text, released -> Bool,
        external_id -> Nullable<Text>, document -> Text, member_count -> BigInt, version -> BigInt, created_at -> BigInt,
        modified_at -> BigInt, group_created_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    team_members (team_pk, member_pk) {
        team_pk -> BigInt, member_pk -> BigInt, by_hand -> Bool, by_scim -> Bool,
        display -> Nullable<Text>, role -> Nullable<Text>,
    }
}
diesel::table! {
    team_organizations (team_pk, organization_pk) {
        team_pk -> BigInt, organization_pk -> BigInt,
    }
}
diesel::table! {
    invitations (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, email -> Text, email_key -> Text,
        state -> Text, created_at -> BigInt, expires_at -> BigInt, inviter_id -> Nullable<Text>,
        inviter_name -> Nullable<Text>, remind_at -> Nullable<BigInt>,
        mail_pk -> Nullable<BigInt>, mail_state -> Nullable<Text>, mail_at -> Nullable<BigInt>,
        mail_attempts -> BigInt, mail_detail -> Nullable<Text>, declined_at -> Nullable<BigInt>,
        account_role -> Nullable<Text>,
    }
}
diesel::table! {
    invitation_organizations (invitation_pk, organization_pk) {
        invitation_pk -> BigInt, organization_pk -> BigInt, role -> Text,
    }
}
diesel::table! {
    invitation_teams (invitation_pk, team_pk) {
        invitation_pk -> BigInt, team_pk -> BigInt, role -> Nullable<Text>,
    }
}
diesel::table! {
    invitation_tokens (hash) { hash -> Binary, invitation_pk -> BigInt, created_at -> BigInt, }
}
diesel::table! {
    admin_tokens (pk) {
        pk -> BigInt, member_pk -> BigInt, hash -> Binary, created_at -> BigInt,
        expires_at -> Nullable<BigInt>, id -> Nullable<Text>, name -> Text,
        scopes -> Nullable<Text>, last_used_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    audit_log (pk) {
        pk -> BigInt, enterprise_pk -> BigInt, at -> BigInt, actor_kind -> Text, actor_id -> Text,
        actor_name -> Text, action -> Text, target_kind -> Text, target_id -> Text,
        target_name -> Text, before -> Text, after -> Text, request_id -> Nullable<Text>,
    }
}
diesel::table! {
    member_milestones (enterprise_pk, first_pk) {
        enterprise_pk -> BigInt, first_pk -> BigInt, gone -> BigInt,
    }
}
diesel::table! {
    idempotency_keys (enterprise_pk, member_pk, idempotency_key) {
        enterprise_pk -> BigInt, member_pk -> BigInt, idempotency_key -> Text, request -> Binary,
        status -> Integer, body -> Nullable<Text>, created_at -> BigInt,
    }
}
diesel::table! {
    provisioning_refusals (enterprise_pk, kind, day) {
        enterprise_pk -> BigInt, kind -> Text, day -> BigInt, occurrences -> BigInt,
        last_at -> BigInt, last_subject -> Text, last_detail -> Text,
    }
}
diesel::table! {
    walks (enterprise_pk, query, start_index) {
        enterprise_pk -> BigInt, query -> BigInt, start_index -> BigInt, position -> Text,
        departed -> BigInt, remembered_at -> BigInt,
    }
}
diesel::table! {
    mails (pk) {
        pk -> BigInt, enterprise_pk -> Nullable<BigInt>, lane -> BigInt, recipient -> Text,
        subject -> Text, body -> Text, html -> Nullable<Text>, message_id -> Text,
        created_at -> BigInt, attempts -> BigInt, next_attempt_at -> Nullable<BigInt>,
        claimed_by -> Nullable<Text>, sent_at -> Nullable<BigInt>, failed_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>, invitation_pk -> Nullable<BigInt>,
    }
}
diesel::table! {
    jobs (name) {
        name -> Text, due_at -> BigInt, held_by -> Nullable<Text>, held_until -> Nullable<BigInt>,
        succeeded_at -> Nullable<BigInt>, last_error -> Nullable<Text>,
    }
}
diesel::table! {
    sso_connections (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, domain_pk -> BigInt,
        settings -> Nullable<Text>, secret -> Nullable<Binary>, verified_at -> Nullable<BigInt>,
        is_on -> Bool, draft -> Nullable<Text>, draft_secret -> Nullable<Binary>,
        revision -> BigInt, trial_hash -> Nullable<Binary>, trial_expires_at -> Nullable<BigInt>,
        last_failure -> Nullable<Text>, last_failure_at -> Nullable<BigInt>, created_at -> BigInt,
        own_callback -> Bool,
        draft_verified_at -> Nullable<BigInt>, trial_by -> Nullable<Text>,
    }
}
diesel::table! {
    sso_certificate_warnings (connection_pk, fingerprint) {
        connection_pk -> BigInt, fingerprint -> Text, days -> BigInt,
    }
}
diesel::table! {
    sso_logins (pk) {
        pk -> BigInt, connection_pk -> BigInt, handle_hash -> Binary, browser_hash -> Binary,
        revision -> Nullable<BigInt>, return_to -> Text, expires_at -> BigInt,
        trial_by -> Nullable<Text>, session_pk -> Nullable<BigInt>,
    }
}
diesel::table! {
    sso_replays (connection_pk, assertion_hash) {
        connection_pk -> BigInt, assertion_hash -> Binary, expires_at -> BigInt,
    }
}
diesel::table! {
    sign_in_links (pk) {
        pk -> BigInt, hash -> Binary, email -> Text, email_key -> Text, created_at -> BigInt,
        expires_at -> BigInt, used -> Bool, return_to -> Nullable<Text>,
    }
}
diesel::table! {
    sessions (pk) {
        pk -> BigInt, id -> Text, hash -> Binary, user_pk -> BigInt,
        member_pk -> Nullable<BigInt>, signed_in_by -> Text, email_key -> Text,
        confined_to -> Nullable<BigInt>, created_at -> BigInt, last_seen_at -> BigInt,
        expires_at -> BigInt, proved_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    session_proofs (hash) {
        hash -> Binary, session_pk -> BigInt, return_to -> Text, created_at -> BigInt,
        expires_at -> BigInt,
    }
}
diesel::table! {
    recovery_links (pk) {
        pk -> BigInt, id -> Text, hash -> Binary, enterprise_pk -> BigInt, member_pk -> BigInt,
        user_pk -> Nullable<BigInt>, sent_to -> Nullable<Text>, made_by -> Text,
        created_at -> BigInt, expires_at -> BigInt, used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    organization_transfers (pk) {
        pk -> BigInt, id -> Text, organization_pk -> BigInt, enterprise_pk -> BigInt, email -> Text,
        email_key -> Text, state -> Text, created_at -> BigInt, expires_at -> BigInt,
    }
}
diesel::table! {
    member_activity (member_pk, day) {
        member_pk -> BigInt, day -> BigInt, enterprise_pk -> BigInt,
    }
}
diesel::table! {
    storage_control (enterprise_pk) {
        enterprise_pk -> BigInt, personal_workspaces -> Text, organizations -> Text,
    }
}
diesel::table! {
    organization_storage_control (organization_pk) { organization_pk -> BigInt, allowed -> Text, }
}
diesel::table! {
    projects (pk) {
        pk -> BigInt, id -> Text, organization_pk -> BigInt, name -> Text, name_key -> Text,
        created_by -> Nullable<Text>, created_at -> BigInt, modified_at -> BigInt,
    }
}
diesel::table! {
    git_projects (organization_pk, user_pk) {
        organization_pk -> BigInt, user_pk -> BigInt, projects -> BigInt, noted_at -> BigInt,
    }
}
diesel::table! {
    app_keys (user_pk) {
        user_pk -> BigInt, public_key -> Text, enc_private_key -> Text, enc_symmetric_key -> Text,
        salt_enc -> Nullable<Text>, enc_driver_key -> Nullable<Text>, set_at -> BigInt,
        set_through -> Nullable<BigInt>,
    }
}
diesel::table! {
    session_ends (hash) {
        hash -> Binary, enterprise_pk -> Nullable<BigInt>, why -> Text, expires_at -> BigInt,
    }
}
diesel::table! {
    app_changes (pk) {
        pk -> BigInt, kind -> Text, subject -> BigInt, enterprise_pk -> Nullable<BigInt>,
        detail -> Nullable<Text>,
    }
}
diesel::table! {
    app_change_marks (pk) { pk -> BigInt, noted_at -> BigInt, }
}
diesel::table! {
    workspaces (pk) {
        pk -> BigInt, id -> Text, project_pk -> BigInt, name -> Text, scope -> Text, things -> BigInt,
        bytes -> BigInt, document -> Binary, version -> BigInt, created_by -> Nullable<Text>,
        created_at -> BigInt, modified_at -> BigInt,
    }
}
diesel::table! {
    content_imports (pk) {
        pk -> BigInt, id -> Text, organization_pk -> BigInt, project_pk -> Nullable<BigInt>,
        created_by -> Text, state -> Text, files -> Binary, bytes -> BigInt, choices -> Text,
        report -> Text, created_at -> BigInt, expires_at -> BigInt,
    }
}
diesel::table! {
    vaults (user_pk) {
        user_pk -> BigInt, salt -> Text, verifier -> Text, set_at -> BigInt,
        set_through -> Nullable<BigInt>,
    }
}
diesel::table! {
    vault_proofs (id) {
        id -> Text, user_pk -> BigInt, client_public -> Text, server_public -> Text, secret -> Binary,
        expires_at -> BigInt,
    }
}

diesel::joinable!(connectors -> enterprises (enterprise_pk));
diesel::joinable!(domains -> enterprises (enterprise_pk));
diesel::joinable!(connector_tokens -> connectors (connector_pk));
diesel::joinable!(oauth_clients -> connectors (connector_pk));
diesel::joinable!(oauth_codes -> oauth_clients (client_pk));
diesel::joinable!(oauth_tokens -> oauth_clients (client_pk));
diesel::joinable!(members -> enterprises (enterprise_pk));
diesel::joinable!(user_addresses -> users (user_pk));
diesel::joinable!(claims -> users (user_pk));
diesel::joinable!(claims -> members (member_pk));
diesel::joinable!(sso_identities -> members (member_pk));
diesel::joinable!(claims -> enterprises (enterprise_pk));
diesel::joinable!(member_emails -> members (member_pk));
diesel::joinable!(team_members -> members (member_pk));
diesel::joinable!(team_members -> teams (team_pk));
diesel::joinable!(team_organizations -> teams (team_pk));
diesel::joinable!(team_organizations -> organizations (organization_pk));
diesel::joinable!(organization_members -> organizations (organization_pk));
diesel::joinable!(organization_members -> members (member_pk));
diesel::joinable!(admin_tokens -> members (member_pk));
diesel::joinable!(invitation_organizations -> organizations (organization_pk));
diesel::joinable!(invitation_organizations -> invitations (invitation_pk));
diesel::joinable!(invitation_tokens -> invitations (invitation_pk));
diesel::joinable!(invitations -> enterprises (enterprise_pk));
diesel::joinable!(invitation_teams -> teams (team_pk));
diesel::joinable!(organization_transfers -> organizations (organization_pk));
diesel::joinable!(organization_transfers -> enterprises (enterprise_pk));
diesel::joinable!(invitation_teams -> invitations (invitation_pk));
diesel::joinable!(sso_connections -> domains (domain_pk));
diesel::joinable!(sso_connections -> enterprises (enterprise_pk));
diesel::joinable!(sso_logins -> sso_connections (connection_pk));
diesel::joinable!(recovery_links -> members (member_pk));
diesel::joinable!(projects -> organizations (organization_pk));
diesel::joinable!(workspaces -> projects (project_pk));
diesel::joinable!(sessions -> users (user_pk));
diesel::joinable!(sessions -> members (member_pk));
diesel::allow_tables_to_appear_in_same_query!(
    organization_storage_control,
    organization_transfers,
    enterprises,
    domains,
    connectors,
    connector_tokens,
    oauth_clients,
    oauth_codes,
    oauth_tokens,
    users,
    user_addresses,
    claims,
    declined_members,
    sso_identities,
    members,
    member_emails,
    organizations,
    organization_members,
    projects,
    workspaces,
    teams,
    team_members,
    team_organizations,
    invitations,
    invitation_organizations,
    invitation_teams,
    invitation_tokens,
    admin_tokens,
    sso_certificate_warnings,
    sso_connections,
    sso_logins,
    sessions,
    recovery_links,
);
