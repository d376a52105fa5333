// Apple's claims to the traits of schema "default". Apple sends a name at the first login only, and Kratos hands it on
// as given_name and family_name. A hidden address (…@privaterelay.appleid.com) is an address like any other.
local claims = std.extVar('claims');
local optional(trait, claim) = if claim in claims then { [trait]: claims[claim] } else {};

{
  identity: {
    traits:
      { email: claims.email }
      + optional('first_name', 'given_name')
      + optional('last_name', 'family_name'),
  },
}
