package main

import (
	"fmt"
	"html"
	"net/http"
	"strings"
)

func showConsent(w http.ResponseWriter, r *http.Request) {
	challenge := r.URL.Query().Get("consent_challenge")
	request, err := pending(r, "consent", challenge)
	if err != nil {
		failed(w, http.StatusBadRequest, err)
		return
	}
	if request.Skip || request.Client.SkipConsent {
		grant(w, r, challenge, request)
		return
	}
	page(w, http.StatusOK, "Allow access", fmt.Sprintf(`<p>%s asks for: %s</p><form method="post" action="/consent">
<input type="hidden" name="consent_challenge" value="%s"><button>Allow</button></form>`,
		html.EscapeString(request.Client.ClientID), html.EscapeString(strings.Join(request.RequestedScope, ", ")),
		html.EscapeString(challenge)))
}

func giveConsent(w http.ResponseWriter, r *http.Request) {
	challenge := r.FormValue("consent_challenge")
	request, err := pending(r, "consent", challenge)
	if err != nil {
		failed(w, http.StatusBadRequest, err)
		return
	}
	grant(w, r, challenge, request)
}

// grant gives every scope that was asked for; e-mail and roles go into the ID token.
func grant(w http.ResponseWriter, r *http.Request, challenge string, request loginRequest) {
	claims := map[string]any{}
	for _, trait := range []string{"email", "role", "roles"} {
		if value, known := request.Context[trait]; known {
			claims[trait] = value
		}
	}
	accept(w, r, "consent", challenge, map[string]any{"grant_scope": request.RequestedScope,
		"grant_access_token_audience": request.RequestedAudience, "remember": true, "remember_for": 86400,
		"session": map[string]any{"id_token": claims}})
}

func logOut(w http.ResponseWriter, r *http.Request) {
	challenge := r.URL.Query().Get("logout_challenge")
	if challenge == "" {
		page(w, http.StatusOK, "Logged out", "")
		return
	}
	accept(w, r, "logout", challenge, map[string]any{})
}
