//! Sessions in the console.

use crate::support::Setup;

use super::browser::Browser;

/// With user `admin`, who may do everything.
fn administered(setup: Setup) -> Setup {
    let password = setup.file("admin.password", "adminpassword", 0o600);
    setup.set(
        "bootstrap.admin_password_file",
        &password.display().to_string(),
    )
}

on_every_store!(
    the_administrator_finds_and_closes_a_session,
    |setup: Setup| {
        let world = administered(setup).start();
        let tokens = world.myapp().log_in("user");
        let admin = Browser::of(&world, "admin", "adminpassword");
        let list = admin.get("/console/sessions?user=user").expect(200);
        let text = list.text();
        let (_, rest) = text.split_once(r#"href="/console/sessions/"#).unwrap();
        let id = rest.split_once('"').unwrap().0;
        let path = format!("/console/sessions/{id}/close");
        admin.post(&list, &path, &[]).expect(303);
        world
            .bearer(&tokens.access)
            .get("/auth/userinfo")
            .expect(401);
        let page = admin.get(&format!("/console/sessions/{id}")).expect(200);
        assert!(page.text().contains("session.ended"));
    }
);

on_every_store!(pages_of_sessions_are_followed_to_the_end, |setup: Setup| {
    let world = administered(setup).start();
    for _ in 0..51 {
        world.myapp().log_in("user");
    }
    let admin = Browser::of(&world, "admin", "adminpassword");
    let first = admin
        .get("/console/sessions?client=myapp")
        .expect(200)
        .text();
    let (_, rest) = first.split_once(r#"rel="next" href=""#).unwrap();
    let next = rest.split_once('"').unwrap().0.replace("&#38;", "&");
    let second = admin.get(&next).expect(200).text();
    assert_eq!(second.matches("<tr>").count(), 2, "its head and one row");
    assert!(second.contains(r#"rel="prev""#) && !second.contains(r#"rel="next""#));
});

on_every_store!(a_user_finds_only_its_own, |setup: Setup| {
    let world = setup.start();
    world.enrol("amy");
    world.myapp().log_in("amy");
    let user = Browser::of(&world, "user", "password");
    let page = user.get("/console/account").expect(200).text();
    assert_eq!(page.matches(r#"scope="row""#).count(), 1);
    let found = user.get("/console/sessions?user=amy").expect(200).text();
    assert!(found.contains("No session matches."));
});
