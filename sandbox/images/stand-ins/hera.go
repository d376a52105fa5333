package main

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
)

const turnstile = "https://challenges.cloudflare.com"

var (
	kratos string
	hydra  string
)

// loginRequest and its answers: Hydra's admin API, the same in 2.x and v26.
type loginRequest struct {
	Skip    bool
	Subject string
	Client  struct {
		ClientID    string `json:"client_id"`
		SkipConsent bool   `json:"skip_consent"`
	}
	RequestedScope    []string `json:"requested_scope"`
	RequestedAudience []string `json:"requested_access_token_audience"`
	Context           map[string]any
}

func hera() http.Handler {
	kratos, hydra = required("KRATOS_PUBLIC_URL"), required("HYDRA_ADMIN_URL")
	required("ENCRYPTION_KEY")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", health)
	mux.HandleFunc("GET /login", showLogin)
	mux.HandleFunc("POST /login", logIn)
	mux.HandleFunc("GET /consent", showConsent)
	mux.HandleFunc("POST /consent", giveConsent)
	mux.HandleFunc("GET /logout", logOut)
	mux.HandleFunc("GET /error", func(w http.ResponseWriter, r *http.Request) {
		failed(w, http.StatusOK, errors.New(r.URL.Query().Get("error")))
	})
	selfService(mux)
	return withPolicy(mux, turnstile)
}

func pending(r *http.Request, kind, challenge string) (loginRequest, error) {
	var request loginRequest
	target := fmt.Sprintf("%s/admin/oauth2/auth/requests/%s?%s_challenge=%s", hydra, kind, kind, url.QueryEscape(challenge))
	status, err := call(r, "GET", target, nil, &request)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("hydra answered %d to the %s challenge", status, kind)
	}
	return request, err
}

// accept answers a challenge and sends the browser on to where Hydra says.
func accept(w http.ResponseWriter, r *http.Request, kind, challenge string, body any) {
	var answer struct {
		RedirectTo string `json:"redirect_to"`
	}
	target := fmt.Sprintf("%s/admin/oauth2/auth/requests/%s/accept?%s_challenge=%s", hydra, kind, kind, url.QueryEscape(challenge))
	status, err := call(r, "PUT", target, body, &answer)
	if err != nil || status != http.StatusOK {
		failed(w, http.StatusBadGateway, fmt.Errorf("hydra answered %d to the accepted %s: %v", status, kind, err))
		return
	}
	// Browsers hold the redirects of a form against form-action 'self'; the real page sends its forms by script.
	if r.Method == "POST" && r.Header.Get("Sec-Fetch-Mode") == "navigate" {
		page(w, http.StatusOK, "One moment", fmt.Sprintf(`<meta http-equiv="refresh" content="0;url=%s">`,
			html.EscapeString(answer.RedirectTo)))
		return
	}
	http.Redirect(w, r, answer.RedirectTo, http.StatusSeeOther)
}

func showLogin(w http.ResponseWriter, r *http.Request) {
	challenge := r.URL.Query().Get("login_challenge")
	if challenge == "" {
		query := url.Values{"client_id": {setting("DEFAULT_OAUTH2_CLIENT_ID", "")}, "response_type": {"code"},
			"scope": {"openid profile email"}, "state": {random()}}
		http.Redirect(w, r, required("HYDRA_PUBLIC_URL")+"/oauth2/auth?"+query.Encode(), http.StatusFound)
		return
	}
	request, err := pending(r, "login", challenge)
	if err != nil {
		failed(w, http.StatusBadRequest, err)
		return
	}
	if request.Skip {
		accept(w, r, "login", challenge, map[string]any{"subject": request.Subject})
		return
	}
	loginForm(w, http.StatusOK, challenge, "")
}

func loginForm(w http.ResponseWriter, status int, challenge, message string) {
	page(w, status, "Log in", fmt.Sprintf(`<p>%s</p><form method="post" action="/login">
<input type="hidden" name="login_challenge" value="%s">
<label>Email <input name="email" type="email" required></label>
<label>Password <input name="password" type="password" required></label><button>Log in</button></form>`,
		html.EscapeString(message), html.EscapeString(challenge)))
}

func logIn(w http.ResponseWriter, r *http.Request) {
	challenge := r.FormValue("login_challenge")
	if err := captcha(r); err != nil {
		loginForm(w, http.StatusBadRequest, challenge, err.Error())
		return
	}
	if _, err := pending(r, "login", challenge); err != nil {
		failed(w, http.StatusBadRequest, err)
		return
	}
	var answer struct {
		Session struct {
			Identity struct {
				ID     string
				Traits map[string]any
			}
		}
	}
	status, err := submit(r, "login", "", map[string]any{"method": "password",
		"identifier": r.FormValue("email"), "password": r.FormValue("password")}, &answer)
	if err != nil {
		failed(w, http.StatusBadGateway, err)
		return
	}
	if status != http.StatusOK {
		loginForm(w, http.StatusBadRequest, challenge, "Invalid credentials, or the address is not verified.")
		return
	}
	identity := answer.Session.Identity
	accept(w, r, "login", challenge, map[string]any{"subject": identity.ID, "remember": true,
		"remember_for": 86400, "context": identity.Traits})
}

// captcha fails closed, as the real one does: switched on without keys, nobody passes.
func captcha(r *http.Request) error {
	if setting("CAPTCHA_ENABLED", "true") != "true" {
		return nil
	}
	secret := setting("CAPTCHA_SECRET_KEY", "")
	if secret == "" || setting("CAPTCHA_SITE_KEY", "") == "" {
		return errors.New("captcha is on and has no keys")
	}
	var answer struct{ Success bool }
	_, err := call(r, "POST", turnstile+"/turnstile/v0/siteverify",
		map[string]string{"secret": secret, "response": r.FormValue("captcha_token")}, &answer)
	if err != nil || !answer.Success {
		return errors.New("captcha failed")
	}
	return nil
}
