// GitHub's claims to the traits of schema "default". It gives one name in one piece, which is left alone. Without the scope
// user:email there may be no address, and then no account either.
local claims = std.extVar('claims');

{
  identity: {
    traits: { email: claims.email },
  },
}
