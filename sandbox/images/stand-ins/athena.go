package main

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"log"
	"net/http"
	"net/url"
	"time"
)

type administrator struct{ Email, Role string }

type attempt struct{ State, Verifier string }

type panel struct{ key, client, public, kratos, authKratos, hydra, hydraPublic string }

func athena() http.Handler {
	p := panel{
		key: required("SESSION_SIGNING_KEY"), client: required("OAUTH_CLIENT_ID"), public: required("NEXT_PUBLIC_APP_URL"),
		kratos: required("KRATOS_ADMIN_URL"), authKratos: required("AUTH_KRATOS_ADMIN_URL"),
		hydra: required("AUTH_HYDRA_URL"), hydraPublic: required("NEXT_PUBLIC_AUTH_HYDRA_URL"),
	}
	if p.key == required("ENCRYPTION_KEY") {
		log.Fatal("SESSION_SIGNING_KEY and ENCRYPTION_KEY are equal")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/health", health)
	mux.HandleFunc("GET /api/auth/login", p.logIn)
	mux.HandleFunc("GET /api/auth/callback", p.callback)
	mux.HandleFunc("GET /api/auth/logout", func(w http.ResponseWriter, r *http.Request) {
		clearCookie(w, "athena_session")
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /", p.identities)
	return withPolicy(mux, "")
}

func (p panel) callbackURL() string { return p.public + "/api/auth/callback" }

func (p panel) logIn(w http.ResponseWriter, r *http.Request) {
	started := attempt{State: random(), Verifier: random()}
	setCookie(w, p.key, "athena_login", started, 10*time.Minute)
	challenge := sha256.Sum256([]byte(started.Verifier))
	query := url.Values{"client_id": {p.client}, "response_type": {"code"}, "scope": {"openid profile email"},
		"redirect_uri": {p.callbackURL()}, "state": {started.State}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}}
	http.Redirect(w, r, p.hydraPublic+"/oauth2/auth?"+query.Encode(), http.StatusFound)
}

func (p panel) callback(w http.ResponseWriter, r *http.Request) {
	var started attempt
	if !cookie(r, p.key, "athena_login", &started) || started.State != r.URL.Query().Get("state") {
		failed(w, http.StatusBadRequest, errors.New("this login was not started here, or is over"))
		return
	}
	clearCookie(w, "athena_login")
	granted, err := tokens(r, p.hydra, p.client, "", url.Values{"grant_type": {"authorization_code"},
		"code": {r.URL.Query().Get("code")}, "redirect_uri": {p.callbackURL()}, "code_verifier": {started.Verifier}})
	if err != nil {
		failed(w, http.StatusBadGateway, err)
		return
	}
	person, err := p.person(r, fmt.Sprint(granted["access_token"]))
	if err != nil {
		failed(w, http.StatusForbidden, err)
		return
	}
	setCookie(w, p.key, "athena_session", person, 8*time.Hour)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// person asks Hydra who the token is for, and IAM Kratos whether that identity may administrate.
func (p panel) person(r *http.Request, token string) (administrator, error) {
	request, err := http.NewRequestWithContext(r.Context(), "GET", p.hydra+"/userinfo", nil)
	if err != nil {
		return administrator{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	var claims struct{ Sub string }
	if _, err := send(request, &claims); err != nil || claims.Sub == "" {
		return administrator{}, fmt.Errorf("hydra does not know the token: %v", err)
	}
	var identity struct {
		State  string
		Traits administrator
	}
	status, err := call(r, "GET", p.authKratos+"/admin/identities/"+url.PathEscape(claims.Sub), nil, &identity)
	if err != nil || status != http.StatusOK || identity.State != "active" {
		return administrator{}, fmt.Errorf("kratos answered %d for this administrator", status)
	}
	return identity.Traits, nil
}

func (p panel) identities(w http.ResponseWriter, r *http.Request) {
	var person administrator
	if !cookie(r, p.key, "athena_session", &person) {
		http.Redirect(w, r, "/api/auth/login", http.StatusFound)
		return
	}
	var list []struct{ ID, State string }
	if _, err := call(r, "GET", p.kratos+"/admin/identities?page_size=20", nil, &list); err != nil {
		failed(w, http.StatusBadGateway, err)
		return
	}
	rows := ""
	for _, identity := range list {
		rows += "<li>" + html.EscapeString(identity.ID+" "+identity.State) + "</li>"
	}
	page(w, http.StatusOK, "Athena", fmt.Sprintf("<p>%s (%s)</p><ul>%s</ul>",
		html.EscapeString(person.Email), html.EscapeString(person.Role), rows))
}
