// Posts that wait in the phone until there is a network: one IndexedDB table, oldest first.
const NAME = "warmline";

function table(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("posts", { keyPath: "id", autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("posts", mode);
      const asked = act(transaction.objectStore("posts"));
      transaction.oncomplete = () => { opening.result.close(); resolve(asked.result); };
      transaction.onabort = transaction.onerror = () => { opening.result.close(); reject(transaction.error); };
    };
  });
}

export const add = (post) => table("readwrite", (posts) => posts.add(post));
export const change = (post) => table("readwrite", (posts) => posts.put(post));
export const remove = (id) => table("readwrite", (posts) => posts.delete(id));

// Another person's posts on a shared phone are neither shown nor sent in this one's name.
export async function waiting(user) {
  const all = await table("readonly", (posts) => posts.getAll());
  return all.filter((post) => post.user === user);
}
