//! The two words of a failure: the page shows them, the log has them, and so whoever looks after the board finds it.
//!
//! They name nothing and open nothing. Short and common words, each heard as itself over a telephone.

use folkmoot_app::ports::Randomness;

/// Two words such as "heron lantern": one of 65 536 pairs.
pub(super) fn draw(random: &dyn Randomness) -> String {
    let mut bytes = [0; 2];
    random.fill(&mut bytes);
    let words = bytes.map(|byte| WORDS.get(usize::from(byte)).copied().unwrap_or_default());
    words.join(" ")
}

#[rustfmt::skip]
const WORDS: [&str; 256] = [
    "acorn", "alder", "amber", "anchor", "apple", "apron", "arbour", "arrow", "aster", "attic", "autumn",
    "badger", "banjo", "barley", "barn", "basin", "basket", "bean", "beaver", "beech", "bell", "bench", "berry",
    "birch", "blanket", "blossom", "bluebell", "boat", "bonfire", "border", "bottle", "bracken", "bramble",
    "bread", "breeze", "brick", "bridge", "brook", "broom", "bucket", "bugle", "burrow", "butter", "button",
    "cabin", "candle", "canoe", "canvas", "caravan", "carrot", "castle", "cedar", "cellar", "chalk", "cherry",
    "chimney", "cider", "cinder", "clay", "clover", "cobble", "comet", "compass", "copper", "coral", "cottage",
    "cotton", "cradle", "crane", "cricket", "crumpet", "cuckoo", "cushion", "cygnet", "daffodil", "dahlia",
    "daisy", "damson", "dolphin", "donkey", "dragon", "drum", "dune", "eagle", "easel", "elder", "elm", "ember",
    "falcon", "feather", "fennel", "fern", "ferry", "fiddle", "field", "finch", "flannel", "flute", "forest",
    "fossil", "fountain", "fox", "garden", "garlic", "gate", "ginger", "glove", "goose", "gorse", "granite",
    "grove", "gull", "hammer", "hammock", "harbour", "hare", "harp", "hawthorn", "hazel", "heather", "hedge",
    "helmet", "hen", "heron", "hinge", "holly", "honey", "hornbeam", "iris", "island", "ivory", "ivy", "jacket",
    "jasmine", "jetty", "jigsaw", "juniper", "kettle", "kite", "ladder", "ladle", "lagoon", "lamb", "lantern",
    "larch", "lark", "laurel", "lavender", "ledge", "lemon", "lichen", "lilac", "lily", "linen", "linnet",
    "lobster", "loom", "lupin", "magnet", "magpie", "mallow", "maple", "marble", "marigold", "market", "marrow",
    "meadow", "melon", "mill", "mint", "mitten", "moss", "moth", "mountain", "mustard", "needle", "nettle",
    "nutmeg", "oak", "oar", "olive", "onion", "orchard", "orchid", "osprey", "otter", "owl", "oyster", "paddle",
    "pansy", "parcel", "parsley", "pasture", "peach", "pebble", "pelican", "pepper", "pigeon", "pillow", "pine",
    "plough", "plum", "pocket", "pond", "poplar", "poppy", "primrose", "puddle", "puffin", "quail", "quarry",
    "quilt", "quince", "rabbit", "radish", "rainbow", "raven", "reed", "ribbon", "river", "robin", "rocket",
    "rope", "rosemary", "rowan", "rudder", "saddle", "saffron", "sage", "salmon", "sandal", "satchel", "shell",
    "shovel", "silver", "sparrow", "spruce", "squirrel", "stable", "starling", "stone", "swallow", "tandem",
    "teapot", "thimble", "thistle", "thrush", "thyme", "timber", "tulip", "tunnel", "turnip", "velvet",
    "violet", "walnut", "willow",
];

#[cfg(test)]
mod tests {
    use super::*;

    struct Given(u8);

    impl Randomness for Given {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn every_byte_has_a_word_of_its_own() {
        let pairs: std::collections::HashSet<_> = (0..=255).map(|byte| draw(&Given(byte))).collect();
        assert_eq!(pairs.len(), 256);
        assert!(WORDS.iter().all(|word| word.len() <= 9 && word.chars().all(|c| c.is_ascii_lowercase())));
    }
}
