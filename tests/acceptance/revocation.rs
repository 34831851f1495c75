//! Revocation of tokens (RFC 7009).

use serde_json::json;

use crate::support::Call;

const PATH: &str = "/auth/revoke";

on_every_store!(
    a_revoked_refresh_token_takes_its_access_token_with_it,
    |world| {
        let myapp = world.myapp();
        let (tokens, other) = (myapp.log_in("user"), myapp.log_in("user"));
        myapp.revoke(&tokens.refresh).expect(200);
        assert!(!myapp.sees_active(&tokens.access));
        world
            .bearer(&tokens.access)
            .get("/auth/userinfo")
            .expect(401);
        myapp.refresh(&tokens.refresh).refuse(400, "invalid_grant");
        assert!(myapp.sees_active(&other.access), "other sessions stay");
    }
);

on_every_store!(
    a_revoked_access_token_takes_its_refresh_token_with_it,
    |world| {
        let myapp = world.myapp();
        let tokens = myapp.log_in("user");
        myapp.revoke(&tokens.access).expect(200);
        assert!(!myapp.sees_active(&tokens.access));
        myapp.refresh(&tokens.refresh).refuse(400, "invalid_grant");
    }
);

on_every_store!(
    unknown_dead_and_malformed_tokens_are_revoked_already,
    |world| {
        let myapp = world.myapp();
        let tokens = myapp.log_in("user");
        myapp.revoke(&tokens.access).expect(200);
        for token in [
            &tokens.access,
            &tokens.refresh,
            "x",
            "a.b.c",
            "gat_nonsense",
        ] {
            let answer = myapp.revoke(token).expect(200);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
);

on_every_store!(a_hint_is_only_a_hint, |world| {
    let myapp = world.myapp();
    for hint in ["access_token", "refresh_token", "nonsense"] {
        let tokens = myapp.log_in("user");
        let fields = [
            ("token", tokens.refresh.as_str()),
            ("token_type_hint", hint),
        ];
        myapp.post(PATH, &fields).expect(200);
        assert!(!myapp.sees_active(&tokens.access), "{hint}");
    }
});

on_every_store!(
    another_clients_token_survives_and_its_revoker_is_told,
    |world| {
        let tokens = world.myapp().log_in("user");
        let thief = world.register(
            "thief",
            &json!({ "secret": "s", "grant_types": ["password"] }),
        );
        for token in [&tokens.access, &tokens.refresh] {
            let refused = thief.revoke(token);
            assert_eq!(refused.status, 400, "{}", refused.text());
        }
        assert!(world.myapp().sees_active(&tokens.access));
    }
);

on_every_store!(nobody_revokes_without_being_a_client, |world| {
    let tokens = world.myapp().log_in("user");
    let fields = [("token", tokens.access.as_str())];
    world
        .send(Call::post(PATH).form(&fields))
        .refuse(401, "invalid_client");
    world
        .client("myapp", Some("wrong"))
        .revoke(&tokens.access)
        .refuse(401, "invalid_client");
    world
        .client("myapp", None)
        .revoke(&tokens.access)
        .refuse(401, "invalid_client");
    assert!(world.myapp().sees_active(&tokens.access));
});

on_every_store!(a_public_client_revokes_its_own_tokens, |world| {
    let auth = json!({ "password": { "refresh_token": true } });
    let public = world.register("spa", &json!({ "grant_types": ["password"], "auth": auth }));
    let tokens = public.log_in("user");
    public.revoke(&tokens.refresh).expect(200);
    world
        .bearer(&tokens.access)
        .get("/auth/userinfo")
        .expect(401);
});

on_every_store!(a_request_without_a_token_is_an_error, |world| {
    world.myapp().post(PATH, &[]).refuse(400, "invalid_request");
    world
        .myapp()
        .post(PATH, &[("token_type_hint", "access_token")])
        .refuse(400, "invalid_request");
});
