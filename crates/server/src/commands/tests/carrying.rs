//! carry: by hand, by rule, and as whoever published it.

use super::*;

/// A place with a second association, and a call of the first.
async fn two() -> (Place, String) {
    let place = Place::new().await;
    let found = ["association", "found", "--name", "Mill", "--handle", "mill"];
    let organiser = ["--organiser", "Imran Shah", "--email", "imran@hyde.example"];
    place.say(&[&found[..], &organiser[..]].concat()).await;
    let call = publish(&place, "Plant forty trees").await;
    (place, call)
}

async fn publish(place: &Place, title: &str) -> String {
    let text = format!(
        "+++\ntitle = \"{title}\"\ncauses = [\"StreetTrees\"]\ncloses = 2099-03-20T18:00\n\
         [[needs]]\nkind = \"time\"\nlabel = \"I can dig\"\n+++\nBring gloves.\n"
    );
    let file = place.file("call.md", &text);
    let said = place.objects(&["publish", "call", &file, "--association", "park-friends"]).await;
    said[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_item_is_passed_on_listed_and_taken_down() {
    let (place, call) = two().await;
    let add = ["carry", "add", &call, "--for", "mill", "--reason", "They are our neighbours"];
    let carry = place.objects(&add).await.remove(0);
    assert_eq!((&carry["state"], &carry["reason"]), (&"carried".into(), &"They are our neighbours".into()));
    assert_eq!(carry["carrier"], "@mill@hyde.example");
    let own = place.refused(&["carry", "add", &call, "--for", "park-friends"]).await;
    assert!(own.contains("it is your own"), "{own}");
    let id = carry["id"].as_str().unwrap();
    let listed = place.say(&["carry", "list", "--for", "mill"]).await;
    assert!(listed.contains(id) && listed.contains("They are our neighbours"), "{listed}");
    assert_eq!(place.objects(&["carry", "carriers", &call]).await.len(), 1);
    let ended = place.objects(&["carry", "end", id]).await.remove(0);
    assert_eq!((&ended["state"], &ended["why_ended"]), (&"ended".into(), &"its carrier took it down".into()));
    assert!(place.say(&["carry", "list", "--for", "mill"]).await.contains("Nothing is passed on."));
    let nowhere = place.refused(&["carry", "add", "https://far.example/calls/1", "--for", "mill"]).await;
    assert!(nowhere.contains("is not known here"), "{nowhere}");
}

#[tokio::test]
async fn rules_find_things_and_whoever_published_them_has_the_last_word() {
    let (place, call) = two().await;
    let make = ["carry", "rule", "make", "--for", "mill", "--from", "park-friends"];
    let rest = ["--kind", "call", "--cause", "streettrees", "--review"];
    let rule = place.objects(&[&make[..], &rest[..]].concat()).await.remove(0);
    let words = "Calls from @park-friends@hyde.example about #streettrees; you look first";
    assert_eq!(rule["words"], words);
    assert!(place.say(&["carry", "rule", "list", "--for", "mill"]).await.contains(words));
    let found = place.objects(&["carry", "list", "--for", "mill", "--waiting"]).await;
    let id = found[0]["id"].as_str().unwrap();
    assert_eq!(found[0]["item"]["id"], call.as_str());
    let looked = place.objects(&["carry", "look", id]).await.remove(0);
    assert_eq!(looked["state"], "carried");
    assert_eq!(place.objects(&["carry", "refuse", id]).await[0]["state"], "refused");
    let again = place.refused(&["carry", "add", &call, "--for", "mill"]).await;
    assert!(again.contains("asked you not to"), "{again}");
    let other = publish(&place, "Water forty trees").await;
    place.say(&["carry", "allow", &other, "--nobody"]).await;
    assert!(place.refused(&["carry", "add", &other, "--for", "mill"]).await.contains("does not want it"));
    let rule = rule["id"].as_str().unwrap();
    place.say(&["carry", "rule", "end", rule, "--carries"]).await;
    assert!(place.say(&["carry", "rule", "list", "--for", "mill"]).await.contains("There are no rules."));
    let near = place.refused(&[&make[..], &["--km", "5"]].concat()).await;
    assert!(near.contains("--near"), "{near}");
}
